// Several calls behind one request: what one of them is refused for ends the others, and what they held is given back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';

const everyone = { kind: 'everyone', id: '' } as const;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test.each([
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }], n: 2 }],
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }], n: 2, stream: true }],
  ['/v1/completions', { prompt: ['Hi', 'Ho'] }],
])('%s %j: a refusal of one leaves nothing reserved and nothing open', async (path, body) => {
  const { spending, ledger } = app.services;
  const { id } = await spending.createBudget({
    subject: everyone,
    period: 'month',
    unit: 'tokens',
    amount: 1000,
    action: 'refuse',
  });
  const response = await app.send(path, { model: 'scripted/echo', max_tokens: 900, ...body });
  expect(response.status).toBe(429);
  const reserved = async () => (await spending.listBudgets())[0]?.reserved;
  await expect.poll(reserved, { timeout: 2000, interval: 20 }).toBe(0);
  const running = async () => {
    await ledger.flush();
    const { traces } = await ledger.listTraces({ limit: 50 }, null);
    const trees = await Promise.all(traces.map(({ traceId }) => ledger.getTrace(traceId, null)));
    return trees.flatMap(({ spans }) => spans).filter(({ status }) => status === 'running').length;
  };
  await expect.poll(running, { timeout: 2000, interval: 20 }).toBe(0);
  await spending.removeBudget(id);
});
