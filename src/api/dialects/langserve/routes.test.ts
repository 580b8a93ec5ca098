// What a served call leaves behind, also when it never began or nobody read it to its end.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { localIdentity as me } from '../../../contracts/identity.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.services.registry.setAlias('default', 'scripted/echo');
});
afterAll(() => app.close());

async function running() {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ status: 'running', limit: 100 }, me.userId);
  return traces;
}

test.each([
  ['stream_log', { include_names: 7 }],
  ['stream_events', { version: 'v9' }],
])('a wrong request to %s is an event, and no run is left open', async (way, more) => {
  const response = await app.send(`/serve/agents/assistant/${way}`, { input: 'Hello', ...more });
  expect(await response.text()).toContain('"status_code":422');
  expect(await running()).toEqual([]);
});
