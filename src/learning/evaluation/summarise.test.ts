// The figures of an evaluation against values that were worked out by hand.
import { expect, test } from 'vitest';
import { compare, type Scored, summarise } from './summarise.ts';

const row = (exampleId: string, subject: number, score: number, more: Partial<Scored> = {}): Scored => ({
  exampleId,
  subject,
  expected: 'a',
  score,
  failed: false,
  latencyMs: 10,
  costNano: 100,
  detail: {},
  ...more,
});
const subjects = [
  { model: 'local/old', prompt: null, parameters: {} },
  { model: 'local/new', prompt: null, parameters: {} },
];

test('what only one has answered is in no pair', () => {
  const rows = [
    row('1', 0, 0.5),
    row('1', 1, 1),
    row('2', 0, 1),
    row('2', 1, 0.5),
    row('3', 1, 1),
    row('4', 0, 0),
  ];
  expect(compare(rows, 0, 1)).toMatchObject({
    better: 1,
    worse: 1,
    equal: 0,
    examples: 2,
    difference: { value: 0 },
    signTest: 1,
  });
  expect(compare([], 0, 1)).toMatchObject({ examples: 0, difference: { value: 0, low: 0, high: 0 } });
});

test('a failure counts as 0 in the score, and in no time and no cost', async () => {
  const rows = [
    row('1', 0, 1, { latencyMs: 10, costNano: 100 }),
    row('2', 0, 1, { latencyMs: 30, costNano: 300 }),
    row('3', 0, 0, { failed: true, latencyMs: 9000, costNano: null }),
    row('1', 1, 1, { costNano: null }),
  ];
  const { subjects: found } = await summarise({ judge: { type: 'f1' }, subjects }, rows);
  expect(found[0]).toMatchObject({
    asked: 3,
    failed: 1,
    score: { value: 2 / 3 },
    costNano: 200,
    latencyMs: { p50: 30, p95: 30 },
  });
  // One price that is unknown leaves the mean unknown, and never zero.
  expect(found[1]?.costNano).toBeNull();
});

test('labels have macro-F1 with its interval; a failure is a label that nobody said', async () => {
  const said = (id: string, expected: string, found: string | null) =>
    row(id, 0, expected === found ? 1 : 0, {
      expected,
      detail: found === null ? {} : { found },
      failed: found === null,
    });
  const rows = [said('1', 'a', 'a'), said('2', 'a', 'b'), said('3', 'b', 'b'), said('4', 'b', null)];
  const { subjects: found } = await summarise({ judge: { type: 'choice', labels: [] }, subjects }, rows);
  const [first] = found;
  // a: 2 / (1 + 2), b: 2 / (2 + 2).
  expect(first?.metrics).toMatchObject({ accuracy: 0.5 });
  expect(first?.metrics.macroF1).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  expect(first?.metrics.macroF1Low).toBeLessThan(first?.metrics.macroF1 ?? 0);
  expect(first?.metrics.macroF1High).toBeGreaterThan(first?.metrics.macroF1 ?? 1);
});
