// The usage figures over HTTP: whose they are, and a file that a spreadsheet may open.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
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
