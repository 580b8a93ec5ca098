// The gate opens for what is measured and good enough, and for nothing else.
import { describe, expect, test } from 'vitest';
import { type Gate, gateSchema } from '../../contracts/evaluation.ts';
import type { Evidence, GateInput, ParityEvidence } from './gate.ts';
import { evidenceOf, judgeGate } from './gate.ts';
import type { Scored } from './summarise.ts';

const agreed = {
  tokens: 200,
  sameIds: true,
  maxDifference: 5e-4,
  meanDifference: 1e-4,
  boundOf: 'max' as const,
  bound: 1e-3,
  passed: true,
};
const parity: ParityEvidence = { reason: null, parity: agreed };
const evidence = (
  more: Partial<Extract<Evidence, { reason: null }>> = {},
  difference = { value: 0.2, low: 0.1, high: 0.3 },
): Evidence => ({
  reason: null,
  from: 'local/old',
  examples: 40,
  score: 0.8,
  comparison: { from: 0, to: 1, better: 12, worse: 4, equal: 24, difference, signTest: 0.08 },
  ...more,
});
const judge = (gate: Partial<Gate> = {}, more: Partial<GateInput> = {}) =>
  judgeGate({ gate: gateSchema.parse(gate), evidence: evidence(), regressions: [], parity, ...more });
const failing = (verdict: ReturnType<typeof judgeGate>) =>
  verdict.checks
    .filter(({ passed }) => !passed)
    .map(({ name, reason }) => (reason ? `${name} ${reason}` : name));

describe('the gate', () => {
  test('opens when every threshold is kept, and names them with what was measured', () => {
    expect(judge({ minScore: 0.8 })).toEqual({
      passed: true,
      checks: [
        { name: 'minExamples', passed: true, value: 40, threshold: 20, reason: null, evaluationId: null },
        { name: 'minDifference', passed: true, value: 0.1, threshold: 0, reason: null, evaluationId: null },
        {
          name: 'maxWorseShare',
          passed: true,
          value: 0.25,
          threshold: 0.5,
          reason: null,
          evaluationId: null,
        },
        { name: 'minScore', passed: true, value: 0.8, threshold: 0.8, reason: null, evaluationId: null },
        { name: 'parity', passed: true, value: 5e-4, threshold: 1e-3, reason: null, evaluationId: null },
      ],
    });
  });

  test.each<[string, Partial<Gate>, Partial<GateInput>, string[]]>([
    ['too few examples', { minExamples: 41 }, {}, ['minExamples']],
    ['an interval that reaches below', { minDifference: 0.11 }, {}, ['minDifference']],
    ['too many that are worse', { maxWorseShare: 0.2 }, {}, ['maxWorseShare']],
    ['too low a score', { minScore: 0.81 }, {}, ['minScore']],
    [
      'an evaluation that is not there',
      {},
      { evidence: { reason: 'missing_evaluation' } },
      ['evaluation missing_evaluation'],
    ],
    ['an evaluation of others', {}, { evidence: { reason: 'other_models' } }, ['evaluation other_models']],
    ['a model that nobody trained here', {}, { parity: { reason: 'not_tuned' } }, ['parity not_tuned']],
    ['a parity that nobody measured', {}, { parity: { reason: 'not_measured' } }, ['parity not_measured']],
    [
      'an engine that disagrees',
      {},
      { parity: { reason: null, parity: { ...agreed, passed: false } } },
      ['parity'],
    ],
    [
      'a regression set that fell',
      { regressionSets: [{ evaluationId: 'e', maxDrop: 0.02 }] },
      { regressions: [evidence({}, { value: -0.03, low: -0.1, high: 0 })] },
      ['regression'],
    ],
    [
      'a regression set that was not asked',
      { regressionSets: [{ evaluationId: 'e', maxDrop: 0.02 }] },
      { regressions: [] },
      ['regression missing_evaluation'],
    ],
  ])('stays shut for %s', (_, gate, more, names) => {
    const verdict = judge(gate, more);
    expect(verdict.passed).toBe(false);
    expect(failing(verdict)).toEqual(names);
  });

  test('lets a regression set fall by what it may', () => {
    const gate = { regressionSets: [{ evaluationId: 'e', maxDrop: 0.02 }] };
    expect(judge(gate, { regressions: [evidence({}, { value: -0.02, low: -0.1, high: 0 })] }).passed).toBe(
      true,
    );
  });
});

describe('what an evaluation says of two models', () => {
  const rows = (scores: readonly (readonly number[])[]): Scored[] =>
    scores.flatMap((subject, index) =>
      subject.map((score, at) => ({
        exampleId: `e${at}`,
        subject: index,
        expected: '',
        score,
        failed: false,
        latencyMs: 1,
        costNano: 0,
        detail: {},
      })),
    );
  const asked = (models: readonly string[], more: object = {}) =>
    ({
      status: 'complete',
      input: { subjects: models.map((model) => ({ model, prompt: null, parameters: {} })) },
      ...more,
    }) as never;
  const scores = rows([
    [0, 1, 0],
    [1, 1, 0],
  ]);

  test('is of the pair, whichever stands first', () => {
    expect(evidenceOf(asked(['old', 'new']), scores, 'old', 'new')).toMatchObject({
      reason: null,
      from: 'old',
      examples: 3,
      score: 2 / 3,
      comparison: { better: 1, worse: 0, equal: 2 },
    });
    expect(evidenceOf(asked(['new', 'old']), scores, 'old', 'new')).toMatchObject({
      comparison: { better: 0, worse: 1 },
    });
  });

  test('of an alias that names nothing is beside the first subject', () => {
    expect(evidenceOf(asked(['old', 'new']), scores, null, 'new')).toMatchObject({
      from: 'old',
      examples: 3,
    });
    expect(evidenceOf(asked(['new', 'old']), scores, null, 'new')).toEqual({ reason: 'same_model' });
  });

  test('is nothing where nothing can be said', () => {
    expect(evidenceOf(null, [], 'old', 'new')).toEqual({ reason: 'missing_evaluation' });
    expect(evidenceOf(asked(['old', 'new']), scores, 'other', 'new')).toEqual({ reason: 'other_models' });
    expect(evidenceOf(asked(['old', 'new'], { status: 'paused' }), scores, 'old', 'new')).toEqual({
      reason: 'not_complete',
    });
    expect(evidenceOf(asked(['old', 'new']), scores, 'new', 'new')).toEqual({ reason: 'same_model' });
    const underPrompt = {
      status: 'complete',
      input: {
        subjects: [
          { model: 'old', prompt: null, parameters: {} },
          { model: 'new', prompt: { name: 'p', version: 1 }, parameters: {} },
        ],
      },
    } as never;
    // Another prompt may be what made the difference.
    expect(evidenceOf(underPrompt, scores, 'old', 'new')).toEqual({ reason: 'other_models' });
  });

  test('is of what the old one has answered: an error of its is no win, one of the new one is a loss', () => {
    const failed = (example: string, which: number) =>
      scores.map((row) =>
        row.exampleId === example && row.subject === which ? { ...row, score: 0, failed: true } : row,
      );
    expect(evidenceOf(asked(['old', 'new']), failed('e0', 0), 'old', 'new')).toMatchObject({
      examples: 2,
      score: 0.5,
      comparison: { better: 0, worse: 0, equal: 2 },
    });
    expect(evidenceOf(asked(['old', 'new']), failed('e1', 1), 'old', 'new')).toMatchObject({
      examples: 3,
      comparison: { better: 1, worse: 1 },
    });
  });

  test('of several such pairs the weakest counts', () => {
    const both = {
      status: 'complete',
      input: {
        subjects: [
          { model: 'old', prompt: null, parameters: {} },
          { model: 'new', prompt: null, parameters: {} },
          { model: 'old', prompt: null, parameters: { temperature: 1 } },
          { model: 'new', prompt: null, parameters: { temperature: 1 } },
        ],
      },
    } as never;
    const four = rows([
      [0, 0, 0],
      [1, 1, 1],
      [1, 1, 1],
      [0, 0, 0],
    ]);
    expect(evidenceOf(both, four, 'old', 'new')).toMatchObject({ comparison: { worse: 3 } });
  });
});
