// An embedding model in memory: one text after the other, each whole or refused.
import type { LlamaModel } from 'node-llama-cpp';
import { AtelierError } from '../../../contracts/errors.ts';
import type { LoadSpec } from '../engine-protocol.ts';

export interface ChildEmbeddingModel {
  /** Vectors of length 1, as the texts stand. @throws AtelierError context_overflow */
  embed(texts: string[], cancelled: () => boolean): Promise<{ vectors: Float32Array[]; tokens: number }>;
  contextLength: number;
  threads: number;
}

export async function loadEmbeddingModel(model: LlamaModel, spec: LoadSpec): Promise<ChildEmbeddingModel> {
  const threads = spec.threads ?? spec.maxThreads;
  const context = await model.createEmbeddingContext({
    contextSize: spec.contextLength,
    batchSize: spec.contextLength,
    threads,
    ignoreMemorySafetyChecks: true,
  });
  return {
    contextLength: spec.contextLength,
    threads,
    async embed(texts, cancelled) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (const [index, text] of texts.entries()) {
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

function normalised(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return Float32Array.from(vector, (x) => (length === 0 ? 0 : x / length));
}
