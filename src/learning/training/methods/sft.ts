// Supervised fine-tuning: the mean of -log p over the learned tokens of a step. With a teacher's probabilities (Hinton et
// al. 2015, distillation) the same weights stand before the cross-entropy to its k likeliest tokens.
import { forLearned, inOrder, layBatch } from '../batches.ts';
import { learnedOfRows } from '../pack.ts';
import { mixSeed } from '../seeded-order.ts';
import type { Method, MethodOptions } from './method.ts';

export function createSft({ session, shape, signal, soft }: MethodOptions & { soft?: number }): Method {
  return {
    async step(batches, seed) {
      const tokens = batches.reduce((sum, rows) => sum + learnedOfRows(rows), 0);
      let loss = 0;
      for (const [part, rows] of batches.entries()) {
        signal.throwIfAborted();
        const { batch, laid } = layBatch(rows, shape, soft);
        for (const one of laid) forLearned(one, (place) => (batch.weights[place] = 1 / tokens));
        const result = await session.gradient(batch, { accumulate: part > 0, seed: mixSeed(seed, part) });
        loss += result.loss;
      }
      return { loss, tokens, accuracy: null };
    },
    // Of a teacher's answers too: how likely they are, whatever probabilities stood behind them.
    async evaluate(all) {
      let sum = 0;
      for (const rows of inOrder(all, shape)) {
        signal.throwIfAborted();
        const { batch, laid } = layBatch(rows, shape, soft);
        const logProbabilities = await session.logProbabilities(batch);
        for (const one of laid) forLearned(one, (place) => (sum -= logProbabilities[place] ?? 0));
      }
      const tokens = learnedOfRows(all);
      return { loss: tokens === 0 ? 0 : sum / tokens, tokens, accuracy: null };
    },
  };
}
