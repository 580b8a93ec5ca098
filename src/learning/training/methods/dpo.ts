// Direct preference optimisation (Rafailov et al. 2023): the better answer is to gain on the worse one, against the base.
//   margin = beta ((log p(chosen) - log p0(chosen)) - (log p(rejected) - log p0(rejected))),  loss = -log sigmoid(margin)
// Its gradient is one of log-probabilities with the weights +-beta sigmoid(-margin) / pairs: a forward pass gives the
// margins, and the graph of every other method does the rest. With dropout the margins are those without it.
import { forLearned, inOrder, type Laid, layBatch } from '../batches.ts';
import { learnedOfRows, type Row, type Unit } from '../pack.ts';
import { mixSeed } from '../seeded-order.ts';
import type { Method, MethodOptions } from './method.ts';

/** Of a pair: log p of the better answer, and of the worse one. */
type PairLogProbabilities = [chosen: number, rejected: number];

/** -log sigmoid(x), without overflow. */
const softplusOfMinus = (x: number) => Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A pair at one place of a batch: where an epoch ends within a step, the same pair may lie there twice. */
interface PlacedPair {
  unit: Unit;
  /** Of its better answer, and of its worse one. */
  laid: Laid[];
  logProbabilities: PairLogProbabilities;
}

function pairsOf(laid: readonly Laid[], logProbabilities: Float32Array): PlacedPair[] {
  const pairs: PlacedPair[] = [];
  for (const one of laid) {
    if (one.index === 0) pairs.push({ unit: one.unit, laid: [], logProbabilities: [0, 0] });
    const pair = pairs.at(-1);
    if (pair === undefined) throw new Error('A pair begins with its better answer.');
    pair.laid.push(one);
    forLearned(
      one,
      (place) => (pair.logProbabilities[one.index === 0 ? 0 : 1] += logProbabilities[place] ?? 0),
    );
  }
  return pairs;
}

/**
 * What the base gives every pair, two numbers a pair in the order of the rows. Before the first step, or of an adapter at
 * any time.
 */
export async function referenceLogProbabilities(
  rows: readonly Row[],
  { session, shape, signal }: MethodOptions,
  of: 'current' | 'base',
): Promise<Float64Array> {
  const found: number[] = [];
  for (const some of inOrder(rows, shape)) {
    signal.throwIfAborted();
    const { batch, laid } = layBatch(some, shape);
    for (const pair of pairsOf(laid, await session.logProbabilities(batch, of)))
      found.push(...pair.logProbabilities);
  }
  return Float64Array.from(found);
}

export function createDpo({
  session,
  shape,
  signal,
  beta,
  rows,
  reference,
}: MethodOptions & { beta: number; rows: readonly Row[]; reference: Float64Array }): Method {
  const base = new Map(
    rows
      .flat()
      .map((unit, i): [Unit, PairLogProbabilities] => [
        unit,
        [reference[2 * i] ?? Number.NaN, reference[2 * i + 1] ?? Number.NaN],
      ]),
  );
  const marginOf = ({ unit, logProbabilities: [chosen, rejected] }: PlacedPair): number => {
    const [chosen0, rejected0] = base.get(unit) ?? [Number.NaN, Number.NaN];
    return beta * (chosen - chosen0 - (rejected - rejected0));
  };
  const measure = (margins: readonly number[], tokens: number) => {
    const pairs = Math.max(1, margins.length);
    return {
      loss: margins.reduce((sum, margin) => sum + softplusOfMinus(margin), 0) / pairs,
      accuracy: margins.filter((margin) => margin > 0).length / pairs,
      tokens,
    };
  };

  return {
    async step(batches, seed) {
      const pairs = batches.reduce((sum, some) => sum + some.flat().length, 0);
      const all: number[] = [];
      for (const [part, some] of batches.entries()) {
        signal.throwIfAborted();
        const { batch, laid } = layBatch(some, shape);
        for (const pair of pairsOf(laid, await session.logProbabilities(batch))) {
          const margin = marginOf(pair);
          all.push(margin);
          for (const one of pair.laid) {
            const sign = one.index === 0 ? 1 : -1;
            const weight = (sign * beta * sigmoid(-margin)) / pairs;
            forLearned(one, (place) => (batch.weights[place] = weight));
          }
        }
        await session.gradient(batch, { accumulate: part > 0, seed: mixSeed(seed, part) });
      }
      return measure(all, learnedOfRows(batches.flat()));
    },
    async evaluate(some) {
      const all: number[] = [];
      for (const few of inOrder(some, shape)) {
        signal.throwIfAborted();
        const { batch, laid } = layBatch(few, shape);
        all.push(...pairsOf(laid, await session.logProbabilities(batch)).map(marginOf));
      }
      return measure(all, learnedOfRows(some));
    },
  };
}
