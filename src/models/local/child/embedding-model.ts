// An embedding model in memory: one text after the other, each whole or refused.
import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
import type { LoadSpec } from '../engine-protocol.ts';
import { fewestNearBest, threadCandidates } from './calibrate.ts';
import { normalisationOf } from './text-normalization.ts';

export interface ChildEmbeddingModel {
  /** Vectors of length 1, as the texts stand. @throws AtelierError context_overflow */
  embed(texts: string[], cancelled: () => boolean): Promise<{ vectors: Float32Array[]; tokens: number }>;
  /** Tokens of each text, without the marks at its ends. */
  count(texts: string[]): number[];
  contextLength: number;
  threads: number;
  calibration: Record<string, number> | null;
}

/** About 60 tokens: a question or a short passage. */
const PROBE = 'The quick brown fox jumps over the lazy dog near the quiet river. '.repeat(4);

export async function loadEmbeddingModel(model: LlamaModel, spec: LoadSpec): Promise<ChildEmbeddingModel> {
  const create = (threads: number) =>
    model.createEmbeddingContext({
      contextSize: spec.contextLength,
      batchSize: spec.contextLength,
      threads,
      ignoreMemorySafetyChecks: true,
    });
  const calibration = spec.threads === null ? await measure(create, spec.maxThreads) : null;
  const threads = spec.threads ?? fewestNearBest(calibration ?? { [spec.maxThreads]: 0 });
  const context = await create(threads);
  const normalise = normalisationOf(model);
  return {
    contextLength: spec.contextLength,
    threads,
    calibration,
    count: (texts) => texts.map((text) => model.tokenize(normalise(text)).length),
    async embed(texts, cancelled) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (const [index, given] of texts.entries()) {
        const text = normalise(given);
        if (cancelled()) throw new AtelierError('cancelled', 'The call was cancelled.');
        const length = context.calculateInputLength(text);
        if (length >= spec.contextLength) {
          throw new AtelierError(
            'context_overflow',
            `Text ${index} has ${length} tokens and this model reads at most ${spec.contextLength - 1}. Split it into shorter passages.`,
            {
              data: { promptTokens: length, contextLength: spec.contextLength, maxOutputTokens: null, index },
            },
          );
        }
        tokens += length;
        vectors.push(normalised((await context.getEmbeddingFor(text)).vector));
      }
      return { vectors, tokens };
    },
  };
}

/** Threads -> milliseconds of a short text. */
async function measure(
  create: (threads: number) => Promise<LlamaEmbeddingContext>,
  most: number,
): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  for (const threads of threadCandidates(most)) {
    const context = await create(threads);
    await context.getEmbeddingFor(PROBE);
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      await context.getEmbeddingFor(PROBE);
      best = Math.min(best, performance.now() - start);
    }
    measured[threads] = best;
    await context.dispose();
  }
  return measured;
}

function normalised(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return Float32Array.from(vector, (x) => (length === 0 ? 0 : x / length));
}
