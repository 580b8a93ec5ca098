// The usage figures over HTTP: whose they are, and a file that a spreadsheet may open.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { usageReportSchema } from '../../contracts/usage.ts';
import { usageCsv } from '../usage-csv.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test('a call over a wire is in the report and in the file', async () => {
  const asked = await app.send('/v1/chat/completions', {
    model: 'scripted/echo',
    messages: [{ role: 'user', content: 'Bonjour' }],
  });
  expect(asked.status).toBe(200);
  await asked.text();
  await app.services.ledger.flush();
  const answer = await app.request(`/atelier/v1/usage?from=${Date.now() - 7_200_000}&by=model`);
  const report = usageReportSchema.parse(await answer.json());
  expect(report.rows).toMatchObject([{ group: 'scripted/echo', calls: 1, errors: 0 }]);
  expect(report.total.durationMs?.p50).toBeGreaterThan(0);

  const file = await app.request(`/atelier/v1/usage.csv?from=${Date.now() - 7_200_000}&by=model`);
  expect(file.headers.get('content-type')).toContain('text/csv');
  expect(file.headers.get('content-disposition')).toContain('usage-by-model.csv');
  const [head, row] = (await file.text()).split('\r\n');
  expect(head).toMatch(/^\ufeff?model,label,calls,errors,/);
  expect(row).toMatch(/^scripted\/echo,,1,0,/);
});

test('whatever the wire, a call counts for the key and the app that it came with', async () => {
  const { access, ledger } = app.services;
  const { key, secret } = await access.keys.create(localIdentity, {
    name: 'Laptop',
    models: null,
    apps: null,
    expiresAt: null,
  });
  const headers = { authorization: `Bearer ${secret}` };
  const chat = { model: 'scripted/echo', messages: [{ role: 'user', content: 'Bonjour' }] };
  for (const [path, body] of [
    ['/v1/chat/completions', chat],
    ['/v1/chat/completions', { ...chat, n: 2 }],
    ['/v1/embeddings', { model: 'scripted/embed', input: 'Bonjour' }],
    ['/v1/messages', { ...chat, max_tokens: 10 }],
    ['/api/chat', { ...chat, stream: false }],
    ['/serve/agents/assistant/invoke', { input: 'Bonjour', config: { configurable: { model: chat.model } } }],
  ] as const) {
    const answer = await app.send(path, body, { headers });
    expect(answer.status, path).toBe(200);
    await answer.text();
  }
  await ledger.flush();
  const query = { from: Date.now() - 7_200_000, keyId: key.id };
  const report = await ledger.usageReport({ ...query, by: 'key' }, null);
  expect(report.rows).toMatchObject([{ group: key.id, label: 'Laptop' }]);
  // Chat, two choices, a vector, two other wires, and at least one step of the agent.
  expect(report.total.calls).toBeGreaterThanOrEqual(7);
  const apps = await ledger.usageReport({ ...query, by: 'app' }, null);
  expect(apps.rows.map(({ group }) => group).sort()).toEqual(['', 'agents/assistant']);
});

test.each([
  ['', 'from'],
  ['?from=x', 'from'],
  ['?from=0&by=planet', 'by'],
])('a query that cannot be answered is refused: %s', async (query, field) => {
  const answer = await app.request(`/atelier/v1/usage${query}`);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toContain(field);
});

test('money is exact, and a name that begins like a formula is a text', () => {
  const row = {
    label: '=HYPERLINK("http://x")',
    calls: 1,
    errors: 0,
    inputTokens: 2,
    outputTokens: 3,
    costNano: 9_007_199_254_740_991,
    unpricedCalls: 0,
    durationMs: null,
    firstTokenMs: { p50: 1.26, p95: 2, p99: 3 },
  };
  const csv = usageCsv(
    { rows: [{ ...row, group: '@cmd' }], total: { ...row, group: '' }, savedNano: 0 },
    'key',
  );
  expect(csv.split('\r\n')[1]).toBe(
    `'@cmd,"'=HYPERLINK(""http://x"")",1,0,2,3,9007199.254740991,0,,,,1.3,2.0,3.0`,
  );
});
