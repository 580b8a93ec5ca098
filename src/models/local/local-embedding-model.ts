// A local embedding model as the AI SDK sees one.
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import type { ModelRunner } from './local-engine.ts';

/** Texts of one message to the model's process: a cancel is heeded between texts, and a crash costs one batch. */
const BATCH_TEXTS = 32;

export function createLocalEmbeddingModel(runner: ModelRunner): EmbeddingModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'local',
    modelId: runner.model.id,
    maxEmbeddingsPerCall: Number.POSITIVE_INFINITY,
    supportsParallelCalls: true,
    async doEmbed({ values, abortSignal }) {
      const engine = await runner.ready(() => {}, abortSignal);
      const embeddings: number[][] = [];
      let tokens = 0;
      for (let at = 0; at < values.length; at += BATCH_TEXTS) {
        const batch = await engine.embed(values.slice(at, at + BATCH_TEXTS), abortSignal);
        tokens += batch.tokens;
        for (const vector of batch.vectors) embeddings.push(Array.from(vector));
      }
      return { embeddings, usage: { tokens }, warnings: [] };
    },
  };
}
