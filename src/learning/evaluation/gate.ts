// The gate: thresholds beside what was measured. Pure, so that the same measurements always give the same verdict. What
// cannot be computed never passes, and says why.
import type { Comparison, Evaluation, Gate, GateReason, GateVerdict } from '../../contracts/evaluation.ts';
import type { Parity } from '../../contracts/tuned-model.ts';
import { mean } from '../../lib/statistics.ts';
import { compare, type Scored } from './summarise.ts';

type Check = GateVerdict['checks'][number];

/** Two models on the examples of one evaluation. */
export type Evidence =
  | { reason: GateReason }
  | {
      reason: null;
      /** What the other is compared with. */
      from: string;
      examples: number;
      comparison: Comparison;
      /** Mean of the new model over these examples. */
      score: number;
    };

/** Of the model that is promoted, where it is asked for. */
export type ParityEvidence = { reason: GateReason } | { reason: null; parity: Parity };

export interface GateInput {
  gate: Gate;
  evidence: Evidence;
  /** In the order of `gate.regressionSets`. */
  regressions: readonly Evidence[];
  parity: ParityEvidence;
}

/**
 * The new model beside the old under the same prompt and parameters; `from` null: beside the evaluation's first subject.
 * Where several such pairs were asked, the one that speaks least for the new model counts.
 */
export function evidenceOf(
  evaluation: Pick<Evaluation, 'status' | 'input'> | null,
  rows: readonly Scored[],
  from: string | null,
  to: string,
): Evidence {
  if (evaluation === null) return { reason: 'missing_evaluation' };
  const { subjects } = evaluation.input;
  const base = from ?? subjects[0]?.model ?? to;
  if (base === to) return { reason: 'same_model' };
  const setup = (index: number) => JSON.stringify([subjects[index]?.prompt, subjects[index]?.parameters]);
  const pairs = subjects.flatMap((old, a) =>
    subjects.flatMap((young, b) =>
      old.model === base && young.model === to && setup(a) === setup(b) ? [[a, b] as const] : [],
    ),
  );
  if (pairs.length === 0) return { reason: 'other_models' };
  if (evaluation.status !== 'complete') return { reason: 'not_complete' };
  const [weakest] = pairs
    .map(([a, b]) => {
      // Where the old one ended in an error the new one has beaten nobody; where itself did, it counts as 0.
      const answered = rows.filter(({ subject, failed }) => subject === a && !failed);
      const paired = new Set(answered.map(({ exampleId }) => exampleId));
      const { examples, ...comparison } = compare(
        [...answered, ...rows.filter((row) => row.subject === b)],
        a,
        b,
      );
      const scores = rows.filter(({ subject, exampleId }) => subject === b && paired.has(exampleId));
      return { examples, comparison, score: mean(scores.map(({ score }) => score)) };
    })
    .sort((one, other) => one.comparison.difference.low - other.comparison.difference.low);
  if (weakest === undefined || weakest.examples === 0) return { reason: 'not_complete' };
  return { reason: null, from: base, ...weakest };
}

export function judgeGate({ gate, evidence, regressions, parity }: GateInput): GateVerdict {
  const checks: Check[] = [];
  const add = (name: string, passed: boolean, value: number | null, threshold: number | null) =>
    checks.push({ name, passed, value, threshold, reason: null, evaluationId: null });
  const cannot = (
    name: string,
    reason: GateReason,
    threshold: number | null,
    evaluationId: string | null = null,
  ) => checks.push({ name, passed: false, value: null, threshold, reason, evaluationId });

  if (evidence.reason !== null) cannot('evaluation', evidence.reason, null);
  else {
    const { examples, comparison, score } = evidence;
    const { better, worse, difference } = comparison;
    const decided = better + worse;
    const worseShare = decided === 0 ? 0 : worse / decided;
    add('minExamples', examples >= gate.minExamples, examples, gate.minExamples);
    add('minDifference', difference.low >= gate.minDifference, difference.low, gate.minDifference);
    add('maxWorseShare', worseShare <= gate.maxWorseShare, worseShare, gate.maxWorseShare);
    if (gate.minScore !== null) add('minScore', score >= gate.minScore, score, gate.minScore);
  }
  for (const [index, { evaluationId, maxDrop }] of gate.regressionSets.entries()) {
    const found = regressions[index] ?? { reason: 'missing_evaluation' as const };
    if (found.reason !== null) cannot('regression', found.reason, -maxDrop, evaluationId);
    else {
      const { value } = found.comparison.difference;
      const check = { name: 'regression', value, threshold: -maxDrop, reason: null, evaluationId };
      checks.push({ ...check, passed: value >= -maxDrop });
    }
  }
  if (gate.needParity) {
    if (parity.reason !== null) cannot('parity', parity.reason, null);
    else {
      const { passed, bound, boundOf, maxDifference, meanDifference } = parity.parity;
      add('parity', passed, boundOf === 'max' ? maxDifference : meanDifference, bound);
    }
  }
  return { passed: checks.length > 0 && checks.every(({ passed }) => passed), checks };
}
