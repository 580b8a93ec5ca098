// API keys over HTTP: where clients put them, what they open, and that nothing outlives them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp } from '../../../test/create-test-app.ts';
import { type Accounts, openAccounts, type Person } from '../../../test/open-accounts.ts';
import type { ApiKey } from '../../contracts/access.ts';

let accounts: Accounts;
let mia: Person;
let noa: Person;
beforeAll(async () => {
  accounts = await openAccounts();
  mia = await accounts.add('Mia', 'member');
  noa = await accounts.add('Noa', 'member');
});
afterAll(() => accounts.close());

const path = '/atelier/v1/keys';
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

describe('a key is read', () => {
  test.each<[string, (key: string) => Record<string, string>]>([
    ['from Authorization', (key) => ({ authorization: `Bearer ${key}` })],
    ['from Authorization in small letters', (key) => ({ authorization: `bearer  ${key}` })],
    ['from x-api-key', (key) => ({ 'x-api-key': key })],
    ['from x-goog-api-key', (key) => ({ 'x-goog-api-key': key })],
    ['as the user of Basic', (key) => basic(`${key}:`)],
    ['as the password of Basic', (key) => basic(`me:${key}`)],
    ['beside one that is none of ours', (key) => ({ authorization: 'Bearer sk-x', 'x-api-key': key })],
  ])('%s', async (_, headers) => {
    for (const wire of ['/v1/models', '/api/tags', '/atelier/v1/models']) {
      const request = () => accounts.app.request(wire, { headers: headers(mia.key) });
      expect((await request()).status, wire).toBe(200);
    }
  });

  test('from the query, as Google’s clients do', async () => {
    expect((await accounts.app.request(`/v1/models?key=${mia.key}`)).status).toBe(200);
    expect((await accounts.app.request('/v1/models?key=other')).status).toBe(401);
  });

  test('each wire refuses in its own words', async () => {
    const of = async (wire: string, headers: Record<string, string> = {}) => {
      const response = await accounts.app.request(wire, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      return (await response.json()) as Record<string, unknown>;
    };
    expect(await of('/v1/models')).toMatchObject({ error: { type: 'authentication_error' } });
    expect(await of('/v1/models', { 'anthropic-version': '2023-06-01' })).toMatchObject({
      type: 'error',
      error: { type: 'authentication_error' },
    });
    expect(await of('/api/tags')).toEqual({ error: expect.stringContaining('key of this Atelier') });
    expect(await of('/atelier/v1/models')).toMatchObject({ error: { code: 'unauthorized' } });
  });
});

test('a key is shown once, listed by its first characters, and revoked at once', async () => {
  const made = await accounts.ask(mia, path, {
    json: { name: 'laptop', models: ['scripted/*'], expiresAt: null },
  });
  expect(made.status).toBe(201);
  const { key, secret } = (await made.json()) as { key: ApiKey; secret: string };
  expect(secret).toMatch(/^atl_[0-9A-Za-z]{46}$/);
  expect(key).toMatchObject({ name: 'laptop', userId: mia.user.id, models: ['scripted/*'], apps: null });
  expect(secret.startsWith(key.prefix)).toBe(true);
  expect((await accounts.ask(secret, '/v1/models')).status).toBe(200);

  // The last use is written beside the answer.
  await accounts.access.keys.close();
  const { keys } = (await (await accounts.ask(mia, path)).json()) as { keys: ApiKey[] };
  expect(keys.map(({ name }) => name)).toEqual(['laptop', 'test']);
  expect(keys[0]).toEqual({ ...key, lastUsedAt: expect.any(Number) });
  expect((await accounts.ask(noa, `${path}/${key.id}`, { method: 'DELETE' })).status).toBe(404);
  const revoked = await accounts.ask(mia, `${path}/${key.id}`, { method: 'DELETE' });
  expect(await revoked.json()).toMatchObject({ id: key.id, revokedAt: expect.any(Number) });
  const refused = await accounts.ask(secret, '/v1/models');
  expect(refused.status).toBe(401);
  expect(await refused.text()).toContain('revoked');
});

test('one makes keys for oneself, an admin for others, and nobody for nobody', async () => {
  const make = (who: Person, fields: object) => accounts.ask(who, path, { json: { name: 'x', ...fields } });
  expect((await make(mia, { userId: noa.user.id })).status).toBe(403);
  expect((await make(accounts.admin, { userId: noa.user.id })).status).toBe(201);
  expect((await make(accounts.admin, { userId: 'user_nobody' })).status).toBe(404);
  expect((await make(mia, { expiresAt: Date.now() - 1 })).status).toBe(400);
  const of = async (who: Person, query = '') => {
    const { keys } = (await (await accounts.ask(who, `${path}${query}`)).json()) as { keys: ApiKey[] };
    return new Set(keys.map(({ userId }) => userId));
  };
  expect(await of(mia, `?userId=${noa.user.id}`)).toEqual(new Set([mia.user.id]));
  expect((await of(accounts.admin)).size).toBe(3);
  expect(await of(accounts.admin, `?userId=${noa.user.id}`)).toEqual(new Set([noa.user.id]));
});

test('a limited key of an admin sees no more than a member, and calls only its models', async () => {
  const { secret } = await accounts.makeKey(accounts.admin, { models: ['scripted/echo'] });
  const ask = (model: string) =>
    accounts.ask(secret, '/v1/chat/completions', {
      json: { model, messages: [{ role: 'user', content: 'hi' }] },
    });
  expect((await ask('scripted/echo')).status).toBe(200);
  expect((await ask('scripted/script')).status).toBe(403);
  expect((await accounts.ask(secret, path)).status).toBe(403);
});

test('while accounts are off any key opens, and one of ours still counts as itself', async () => {
  const app = await createTestApp();
  try {
    const { keys } = app.services.access;
    const local = { userId: 'local', role: 'admin' } as const;
    const input = { name: 'x', apps: null, expiresAt: null };
    const made = await keys.create(local, { ...input, models: ['scripted/echo'] });
    const ask = (key: string, model: string) =>
      app.send(
        '/v1/chat/completions',
        { model, messages: [{ role: 'user', content: 'hi' }] },
        { headers: { authorization: `Bearer ${key}` } },
      );
    expect((await ask('sk-anything', 'scripted/script')).status).toBe(200);
    expect((await ask(`${made.secret.slice(0, -1)}_`, 'scripted/script')).status).toBe(200);
    expect((await ask(made.secret, 'scripted/echo')).status).toBe(200);
    expect((await ask(made.secret, 'scripted/script')).status).toBe(403);
    await keys.revoke(local, made.key.id);
    expect((await ask(made.secret, 'scripted/echo')).status).toBe(401);
  } finally {
    await app.close();
  }
});
