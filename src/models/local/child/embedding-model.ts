// An embedding model in memory: each text whole or refused.
import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
import type { LoadSpec } from '../engine-protocol.ts';
import { freeMemory } from '../free-memory.ts';
import { fewestNearBest, threadCandidates } from './calibrate.ts';
import { createEmbeddingLanes } from './embedding-lanes.ts';
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

/** llama.cpp keeps a number for every token of the text and every word that the model knows: 4 * 512 * 250,000 bytes. */
const SECOND_READER_BYTES = 2 * 1024 ** 3;

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
  const lanes = await createEmbeddingLanes({
    create,
    threads,
    // A graphics card reads one text as fast as it can read two.
    maxThreads: model.llama.gpu === false ? spec.maxThreads : 1,
    hasRoom: () => freeMemory() > SECOND_READER_BYTES,
  });
  const normalise = normalisationOf(model);
  return {
    contextLength: spec.contextLength,
    threads,
    calibration,
    count: (texts) => texts.map((text) => model.tokenize(normalise(text)).length),
    async embed(texts, cancelled) {
      let tokens = 0;
      const vectors = await lanes.embed(texts.map(normalise), (index, length) => {
        if (cancelled()) throw new AtelierError('cancelled', 'The call was cancelled.');
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
      });
      return { vectors: vectors.map(normalised), tokens };
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
