// An embedding model at a remote provider; failures as AtelierErrors.
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import type { ModelConnection, ProviderAdapter } from './provider-adapter.ts';
import { toProviderError } from './provider-errors.ts';

/** What every server that was met accepts in one request. */
const BATCH = 64;

export function createRemoteEmbeddingModel(
  open: NonNullable<ProviderAdapter['openEmbedding']>,
  connection: ModelConnection,
): EmbeddingModelV4 {
  const { name, facts } = connection;
  return {
    specificationVersion: 'v4',
    provider: facts.id,
    modelId: name,
    maxEmbeddingsPerCall: BATCH,
    supportsParallelCalls: true,
    async doEmbed(call) {
      try {
        const model = await open(connection);
        return await model.doEmbed(call);
      } catch (thrown) {
        if (call.abortSignal?.aborted) throw thrown;
        throw toProviderError(thrown, facts);
      }
    },
  };
}
