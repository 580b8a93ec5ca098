// Files of a tuned model, and the check that the engine reads them as the trainer does.
import type { ScratchModel, TrainingEngine } from '../training/engine-port.ts';
import type { HeldOut, ModelExporter } from './export-port.ts';
import { mergeInWorker } from './merge-in-worker.ts';
import { parityBound } from './parity-bound.ts';
import { writeAdapter } from './write-adapter.ts';

export function createModelExporter(options: { engine: Pick<TrainingEngine, 'openModel'> }): ModelExporter {
  return {
    writeAdapter,
    writeMerged: (trained, path, quantisation, signal) =>
      mergeInWorker({ trained, path, quantisation }, signal),
    async check({ path, adapter }, heldOut) {
      const bound = await parityBound(path, adapter !== undefined);
      const longest = heldOut.sequences.reduce((most, { ids }) => Math.max(most, ids.length), SPEED_TOKENS);
      const model = await options.engine.openModel({
        path,
        ...(adapter === undefined ? {} : { adapter }),
        contextLength: longest + PROMPT_TOKENS,
      });
      try {
        const { differences, mean } = await compare(model, heldOut);
        const maxDifference = differences.reduce((most, one) => Math.max(most, one), 0);
        const meanDifference =
          differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
        const measured = bound.of === 'max' ? maxDifference : meanDifference;
        return {
          parity: {
            tokens: differences.length,
            sameIds: heldOut.sameIds,
            maxDifference,
            meanDifference,
            bound: bound.value,
            boundOf: bound.of,
            passed: heldOut.sameIds && differences.length > 0 && measured <= bound.value,
          },
          perplexity: Math.exp(-mean),
          tokensPerSecond: await speedOf(model),
        };
      } finally {
        await model.close();
      }
    },
  };
}

const SPEED_TOKENS = 64;
const PROMPT_TOKENS = 64;

/** Differences at every token that both give a probability, and the mean log-probability in the engine. */
async function compare(
  model: ScratchModel,
  { sequences }: HeldOut,
): Promise<{ differences: number[]; mean: number }> {
  const differences: number[] = [];
  let sum = 0;
  for (const { ids, logProbabilities } of sequences) {
    const engine = await model.logProbabilities(ids);
    for (const [at, own] of engine.entries()) {
      const trainer = logProbabilities[at];
      // What the trainer left out (a prompt that is not learned) is no number there.
      if (trainer === undefined || Number.isNaN(trainer)) continue;
      differences.push(Math.abs(own - trainer));
      sum += own;
    }
  }
  return { differences, mean: sum / Math.max(1, differences.length) };
}

/** An answer may be short, and a short one tells little: the best of three. */
async function speedOf(model: ScratchModel): Promise<number> {
  let best = 0;
  for (const content of ['Once upon a time', 'Tell me a long story.', 'Explain how bread is made.']) {
    const { tokensPerSecond } = await model.answer([{ role: 'user', content }], { maxTokens: SPEED_TOKENS });
    best = Math.max(best, tokensPerSecond);
  }
  return best;
}
