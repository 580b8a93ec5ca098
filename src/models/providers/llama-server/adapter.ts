// A llama-server that Atelier starts: on the wire an OpenAI-compatible server, with the samplers of llama.cpp besides.
import { openCompatibleEmbedding, openCompatibleLanguage } from '../openai-compatible/adapter.ts';
import { fetchModelList } from '../openai-compatible/model-list.ts';
import { bearer, type ProviderAdapter } from '../remote/provider-adapter.ts';

export const llamaServer: ProviderAdapter = {
  defaultBaseUrl: null,
  path: '/v1',
  needsKey: false,
  needsRegion: false,
  authorize: bearer,
  list: fetchModelList,
  honours: ['logprobs', 'topLogprobs', 'logitBias', 'minP', 'repeatPenalty'],
  openLanguage: openCompatibleLanguage((extra) => ({
    ...(extra.minP === undefined ? {} : { min_p: extra.minP }),
    ...(extra.repeatPenalty === undefined ? {} : { repeat_penalty: extra.repeatPenalty }),
  })),
  openEmbedding: openCompatibleEmbedding,
  dialects: ['openai-chat'],
};
