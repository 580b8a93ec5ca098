// Budgets and limits over HTTP: set by an admin, met by a call on each wire in its own words.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { openAccounts } from '../../../test/open-accounts.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const everyone = { kind: 'everyone', id: '' };
const chat = {
  model: 'scripted/script',
  messages: [{ role: 'user', content: '#text hello' }],
  max_tokens: 20,
};

const wires = {
  openai: (body: object = chat) => app.send('/v1/chat/completions', body),
  responses: () => app.send('/v1/responses', { model: chat.model, input: '#text hello' }),
  anthropic: (body: object = chat) =>
    app.send('/v1/messages', body, { headers: { 'anthropic-version': '2023-06-01' } }),
  ollama: () => app.send('/api/chat', { ...chat, stream: false }),
};

async function spendTokens() {
  const made = await app.send('/atelier/v1/budgets', {
    subject: everyone,
    period: 'day',
    unit: 'tokens',
    amount: 1,
    action: 'refuse',
  });
  expect(made.status).toBe(201);
  expect((await wires.openai()).status).toBe(200);
  return (await made.json()) as { id: string };
}

describe('a spent budget', () => {
  test.each([
    ['openai', 429, { error: { code: 'insufficient_quota', type: 'insufficient_quota' } }],
    ['responses', 429, { error: { code: 'insufficient_quota' } }],
    ['anthropic', 402, { type: 'error', error: { type: 'billing_error' } }],
    ['ollama', 402, { error: expect.stringContaining('budget of everyone is spent') }],
  ] as const)('is refused on the wire of %s, with the time of its reset', async (wire, status, body) => {
    await spendTokens();
    const refused = await wires[wire]();
    expect(refused.status).toBe(status);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const said = await refused.json();
    expect(said).toMatchObject(body);
    expect(JSON.stringify(said)).toMatch(/starts anew on \d{4}-\d\d-\d\dT00:00:00/);
  });

  test('passes again when it is raised, and is gone when it is removed', async () => {
    const { id } = await spendTokens();
    const raised = await app.send(`/atelier/v1/budgets/${id}`, { amount: 1_000_000 }, { method: 'PATCH' });
    expect(await raised.json()).toMatchObject({ id, amount: 1_000_000, reserved: 0 });
    expect((await wires.openai()).status).toBe(200);
    expect((await app.request(`/atelier/v1/budgets/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await (await app.request('/atelier/v1/budgets')).json()).toEqual({ budgets: [] });
  });

  test('that is nearly spent warns in a header', async () => {
    await app.send('/atelier/v1/budgets', {
      subject: everyone,
      period: 'month',
      unit: 'tokens',
      amount: 1,
      action: 'warn',
    });
    const answer = await wires.openai();
    expect(answer.headers.get('x-atelier-warning')).toContain('budget of everyone is nearly spent');
  });
});

describe('a limit a minute', () => {
  beforeEach(async () => {
    const put = { subject: everyone, requestsPerMinute: 1, tokensPerMinute: null };
    expect((await app.send('/atelier/v1/limits', put, { method: 'PUT' })).status).toBe(200);
  });

  test.each([
    ['openai', 'x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests'],
    ['anthropic', 'anthropic-ratelimit-requests-limit', 'anthropic-ratelimit-requests-remaining'],
  ] as const)('is told by %s’s own headers, before and after it is met', async (wire, limit, remaining) => {
    const first = await wires[wire]();
    expect([first.status, first.headers.get(limit), first.headers.get(remaining)]).toEqual([200, '1', '0']);
    const refused = await wires[wire]();
    expect([refused.status, refused.headers.get(limit), refused.headers.get(remaining)]).toEqual([
      429,
      '1',
      '0',
    ]);
    expect(refused.headers.get('x-should-retry')).toBe('true');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  });

  test('goes away with its removal', async () => {
    expect((await app.request('/atelier/v1/limits/everyone/-', { method: 'DELETE' })).status).toBe(200);
    expect((await wires.ollama()).status).toBe(200);
    expect((await wires.ollama()).status).toBe(200);
  });
});

test('a member sees the budgets that count their calls, and no other’s', async () => {
  const accounts = await openAccounts();
  try {
    const ana = await accounts.add('Ana', 'member');
    const ben = await accounts.add('Ben', 'member');
    const second = await accounts.makeKey(ana);
    const budget = { period: 'month', unit: 'tokens', amount: 5, action: 'warn' };
    const subjects = [
      everyone,
      { kind: 'user', id: ana.user.id },
      { kind: 'user', id: ben.user.id },
      { kind: 'key', id: second.id },
    ];
    for (const subject of subjects) {
      const made = await accounts.ask(accounts.admin, '/atelier/v1/budgets', {
        json: { subject, ...budget },
      });
      expect(made.status).toBe(201);
    }
    const seen = async (who: Parameters<typeof accounts.ask>[0]) => {
      const { budgets } = await (await accounts.ask(who, '/atelier/v1/budgets')).json();
      return (budgets as { subject: { kind: string; id: string } }[]).map(({ subject }) => subject);
    };
    expect(await seen(accounts.admin)).toEqual(subjects);
    expect(await seen(ana)).toEqual([subjects[0], subjects[1]]);
    expect(await seen(second.secret)).toEqual([subjects[0], subjects[1], subjects[3]]);
    const refused = await accounts.ask(ana, '/atelier/v1/budgets', {
      json: { subject: everyone, ...budget },
    });
    expect(refused.status).toBe(403);
  } finally {
    await accounts.close();
  }
});

test.each([
  [{ subject: everyone, period: 'year', unit: 'money', amount: 1, action: 'warn' }],
  [{ subject: everyone, period: 'day', unit: 'money', amount: 0, action: 'warn' }],
  [{ subject: everyone, period: 'day', unit: 'money', amount: 1.5, action: 'warn' }],
  [{ subject: { kind: 'key', id: '' }, period: 'day', unit: 'money', amount: 1, action: 'warn' }],
  [{ subject: { kind: 'team', id: 'x' }, period: 'day', unit: 'money', amount: 1, action: 'warn' }],
])('a wrong budget is named: %j', async (body) => {
  expect((await app.send('/atelier/v1/budgets', body)).status).toBe(400);
});

test.each(['user', 'key'])('a budget and a limit of a %s that is not there are refused', async (kind) => {
  const subject = { kind, id: 'nobody' };
  const budget = { subject, period: 'day', unit: 'money', amount: 1, action: 'warn' };
  expect((await app.send('/atelier/v1/budgets', budget)).status).toBe(404);
  const limit = { subject, requestsPerMinute: 1, tokensPerMinute: null };
  expect((await app.send('/atelier/v1/limits', limit, { method: 'PUT' })).status).toBe(404);
});
