// A key that is limited to some models neither counts tokens with others nor loads them, on any wire.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Accounts, openAccounts } from '../../test/open-accounts.ts';

let accounts: Accounts;
let key: string;
beforeAll(async () => {
  accounts = await openAccounts();
  const mia = await accounts.add('Mia', 'member');
  const made = await accounts.ask(mia, '/atelier/v1/keys', {
    json: { name: 'narrow', models: ['scripted/echo'], expiresAt: null },
  });
  key = ((await made.json()) as { secret: string }).secret;
});
afterAll(() => accounts.close());

const messages = [{ role: 'user', content: 'hi' }];

test.each([
  ['/v1/messages/count_tokens', { messages }],
  ['/v1/messages', { messages, max_tokens: 5 }],
  ['/v1/responses/input_tokens', { input: 'hi' }],
  ['/atelier/v1/apps/writer/invoke', { input: { brief: 'hi' } }],
  ['/atelier/v1/playground/next-tokens', { messages: [{ role: 'user', text: 'hi' }] }],
  ['/atelier/v1/playground/answer', { messages: [{ role: 'user', text: 'hi' }] }],
  ['/api/chat', { messages, stream: false }],
  ['/api/generate', { keep_alive: 0 }],
  ['/api/generate', {}],
])('%s %j', async (path, body) => {
  const ask = (model: string) => accounts.ask(key, path, { json: { ...body, model } });
  expect((await ask('scripted/echo')).status).toBe(200);
  const refused = await ask('scripted/script');
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('This key may not ask scripted/script');
});
