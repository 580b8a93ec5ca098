// Settings over HTTP: the program's are an admin's to change, theme and language everybody's own.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Accounts, openAccounts, type Person } from '../../../test/open-accounts.ts';

let accounts: Accounts;
let mia: Person;
let aude: Person;
beforeAll(async () => {
  accounts = await openAccounts();
  mia = await accounts.add('Mia', 'member');
  aude = await accounts.add('Aude', 'auditor');
});
afterAll(() => accounts.close());

const path = '/atelier/v1/me/settings';
const patch = (who: Person, at: string, json: object) => accounts.ask(who, at, { method: 'PATCH', json });
const get = async (who: Person) => (await accounts.ask(who, path)).json();

test('each person has a theme and a language of their own, whatever their role', async () => {
  expect((await patch(accounts.admin, '/atelier/v1/settings', { theme: 'light' })).status).toBe(200);
  expect(await (await patch(mia, path, { language: 'fr' })).json()).toEqual({
    language: 'fr',
    theme: 'light',
    trainingConsent: false,
  });
  expect(await (await patch(aude, path, { theme: 'dark' })).json()).toMatchObject({
    language: 'auto',
    theme: 'dark',
  });
  expect(await get(mia)).toMatchObject({ language: 'fr', theme: 'light' });
  expect(await get(accounts.admin)).toMatchObject({ language: 'auto', theme: 'light' });
  expect(await (await patch(aude, path, { theme: null })).json()).toMatchObject({ theme: 'light' });
});

test('the program’s settings are not theirs to change, on either address', async () => {
  expect((await patch(mia, '/atelier/v1/settings', { theme: 'dark' })).status).toBe(403);
  for (const change of [{ keepContent: false }, { theme: 'pink' }, { theme: 3 }])
    expect((await patch(mia, path, change)).status).toBe(400);
});

test('each person says for themselves whether models may learn from them', async () => {
  expect(await (await patch(mia, path, { trainingConsent: true })).json()).toMatchObject({
    trainingConsent: true,
  });
  expect(await get(accounts.admin)).toMatchObject({ trainingConsent: false });
  expect((await patch(mia, path, { trainingConsent: 'yes' })).status).toBe(400);
  expect((await patch(accounts.admin, '/atelier/v1/settings', { trainingConsent: true })).status).toBe(400);
});
