// What an evaluation has found so far: each subject with its interval, and each beside the first on the same examples.
import type { Comparison, Judge, Subject, SubjectSummary } from '../../contracts/evaluation.ts';
import { createBreather } from '../../lib/breathe.ts';
import { bootstrapMean, mean, percentile, signTest } from '../../lib/statistics.ts';
import { type Labelled, macroF1Estimate } from '../../lib/text-metrics.ts';

/** A result, as far as the figures need it. */
export interface Scored {
  exampleId: string;
  subject: number;
  expected: string;
  score: number;
  failed: boolean;
  latencyMs: number;
  costNano: number | null;
  detail: Record<string, unknown>;
}

/** Beyond so many rows the interval hardly moves with more draws, and the program would stand still for them. */
const MANY = 20_000;
const resamplesFor = (rows: number) => ({ resamples: rows > MANY ? 200 : 1000 });

function summariseSubject(subject: Subject, judge: Judge['type'], rows: readonly Scored[]): SubjectSummary {
  const answered = rows.filter(({ failed }) => !failed);
  const costs = answered.map(({ costNano }) => costNano);
  const known = costs.filter((cost) => cost !== null);
  const latencies = answered.map(({ latencyMs }) => latencyMs);
  const at = (share: number) => (latencies.length === 0 ? 0 : percentile(latencies, share));
  return {
    subject,
    asked: rows.length,
    failed: rows.length - answered.length,
    score: rows.length === 0 ? { value: 0, low: 0, high: 0 } : scoreOf(rows),
    metrics: rows.length === 0 ? {} : metricsOf(judge, rows, answered),
    costNano: costs.length === 0 || known.length < costs.length ? null : mean(known),
    latencyMs: { p50: at(0.5), p95: at(0.95) },
    outputTokens: mean(answered.map(({ detail }) => tokensOf(detail.usage))),
  };
}

const scoreOf = (rows: readonly Scored[]) =>
  bootstrapMean(
    rows.map(({ score }) => score),
    resamplesFor(rows.length),
  );

/** Pairs of the examples that both have answered; a failure is an answer that is worth 0. */
export function compare(
  rows: readonly Scored[],
  from: number,
  to: number,
): Comparison & { examples: number } {
  const base = new Map(
    rows.filter(({ subject }) => subject === from).map((row) => [row.exampleId, row.score]),
  );
  const differences = rows.flatMap(({ subject, exampleId, score }) => {
    const other = base.get(exampleId);
    return subject === to && other !== undefined ? [score - other] : [];
  });
  const better = differences.filter((difference) => difference > 0).length;
  const worse = differences.filter((difference) => difference < 0).length;
  return {
    from,
    to,
    better,
    worse,
    equal: differences.length - better - worse,
    difference:
      differences.length === 0
        ? { value: 0, low: 0, high: 0 }
        : bootstrapMean(differences, resamplesFor(differences.length)),
    signTest: signTest(better, worse),
    examples: differences.length,
  };
}

/** Others have their turn between one subject and the next. */
export async function summarise(
  { judge, subjects }: { judge: Judge; subjects: readonly Subject[] },
  rows: readonly Scored[],
): Promise<{ subjects: SubjectSummary[]; comparisons: Comparison[] }> {
  const breathe = createBreather();
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const summaries: SubjectSummary[] = [];
  const comparisons: Comparison[] = [];
  for (const [index, subject] of subjects.entries()) {
    summaries.push(summariseSubject(subject, judge.type, bySubject.get(index) ?? []));
    await breathe();
    if (index === 0) continue;
    const { examples: _examples, ...comparison } = compare(rows, 0, index);
    comparisons.push(comparison);
    await breathe();
  }
  return { subjects: summaries, comparisons };
}

const numberOf = (value: unknown): number[] => (typeof value === 'number' ? [value] : []);

function tokensOf(usage: unknown): number {
  const output = typeof usage === 'object' && usage !== null && 'output' in usage ? usage.output : 0;
  return typeof output === 'number' ? output : 0;
}

/** Total over the judges: a new one does not compile without its figures. */
const metrics: Record<
  Judge['type'],
  (rows: readonly Scored[], answered: readonly Scored[]) => Record<string, number>
> = {
  exact: () => ({}),
  f1: () => ({}),
  chrf: () => ({}),
  json: (rows, answered) => ({
    allFields: mean(rows.map(({ score }) => (score === 1 ? 1 : 0))),
    brokenJson: mean(answered.map(({ detail }) => (detail.broken === true ? 1 : 0))),
  }),
  choice(rows, answered) {
    const labelled: Labelled[] = rows.map(({ expected, detail }) => ({
      gold: expected,
      found: typeof detail.found === 'string' ? detail.found : null,
    }));
    const { value, low, high } = macroF1Estimate(labelled, resamplesFor(rows.length));
    const told = answered.flatMap(({ detail }) => numberOf(detail.probability));
    return {
      accuracy: mean(rows.map(({ score }) => score)),
      macroF1: value,
      macroF1Low: low,
      macroF1High: high,
      ...(told.length > 0 && told.length === answered.length
        ? { logLoss: mean(told.map((share) => -Math.log(Math.max(share, 1e-12)))) }
        : {}),
    };
  },
  preference: (rows, answered) => ({
    accuracy: mean(rows.map(({ score }) => score)),
    margin: mean(answered.flatMap(({ detail }) => numberOf(detail.margin))),
  }),
  model(_rows, answered) {
    const costs = answered.flatMap(({ detail }) => numberOf(detail.judgeCostNano));
    return {
      mark: mean(answered.flatMap(({ detail }) => numberOf(detail.mark))),
      ...(costs.length === answered.length ? { judgeCostNano: mean(costs) } : {}),
    };
  },
};

function metricsOf(judge: Judge['type'], rows: readonly Scored[], answered: readonly Scored[]) {
  const cut = answered.filter(({ detail }) => detail.cut === true).length;
  return { ...metrics[judge](rows, answered), ...(cut > 0 ? { cutShort: cut / rows.length } : {}) };
}
