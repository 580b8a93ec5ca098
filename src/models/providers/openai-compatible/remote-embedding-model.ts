// An embedding model behind an OpenAI-compatible endpoint; failures as AtelierErrors.
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { toProviderError } from './provider-errors.ts';
import { openAdapter, type RemoteModelOptions } from './remote-model.ts';

/** What every server that was met accepts in one request. */
const BATCH = 64;

export function createRemoteEmbeddingModel(options: RemoteModelOptions): EmbeddingModelV4 {
  const { name, facts } = options;
  return {
    specificationVersion: 'v4',
    provider: facts.id,
    modelId: name,
    maxEmbeddingsPerCall: BATCH,
    supportsParallelCalls: true,
    async doEmbed(call) {
      try {
        const provider = await openAdapter(options);
        return await provider.embeddingModel(name).doEmbed(call);
      } catch (thrown) {
        if (call.abortSignal?.aborted) throw thrown;
        throw toProviderError(thrown, facts);
      }
    },
  };
}
