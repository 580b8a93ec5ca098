// Any server that speaks OpenAI's chat completions: LM Studio, vLLM, and what else has an address.
import type { JSONValue } from '@ai-sdk/provider';
import type { AtelierOptions } from '../../../contracts/model.ts';
import { bearer, type ModelConnection, type ProviderAdapter } from '../remote/provider-adapter.ts';
import { logprobsOfChunk } from './logprobs.ts';
import { fetchModelList } from './model-list.ts';

function bodyFields(extra: AtelierOptions): Record<string, JSONValue> {
  return {
    ...(extra.logprobs ? { logprobs: true } : {}),
    ...(extra.logprobs && extra.topLogprobs ? { top_logprobs: Math.min(extra.topLogprobs, 20) } : {}),
    ...(extra.logitBias ? { logit_bias: extra.logitBias } : {}),
  };
}

/** More fields for the body, of servers that have a place for them. */
export type ExtraFields = (extra: AtelierOptions) => Record<string, JSONValue>;

async function openProvider(
  { baseUrl, apiKey, headers, facts, fetch }: ModelConnection,
  extra: AtelierOptions = {},
  more: ExtraFields = () => ({}),
) {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: facts.id,
    baseURL: baseUrl,
    headers,
    fetch,
    ...(apiKey ? { apiKey } : {}),
    includeUsage: true,
    supportsStructuredOutputs: true,
    transformRequestBody: (body) => ({ ...body, ...bodyFields(extra), ...more(extra) }),
  });
}

export function openCompatibleLanguage(more?: ExtraFields): ProviderAdapter['openLanguage'] {
  return async (connection, call, extra) => {
    const provider = await openProvider(connection, extra, more);
    return { model: provider.chatModel(connection.name), options: call, logprobsOf: logprobsOfChunk };
  };
}

export const openCompatibleEmbedding: NonNullable<ProviderAdapter['openEmbedding']> = async (connection) =>
  (await openProvider(connection)).embeddingModel(connection.name);

export const openaiCompatible: ProviderAdapter = {
  defaultBaseUrl: null,
  path: '/v1',
  needsKey: false,
  needsRegion: false,
  authorize: bearer,
  list: fetchModelList,
  honours: ['logprobs', 'topLogprobs', 'logitBias'],
  openLanguage: openCompatibleLanguage(),
  openEmbedding: openCompatibleEmbedding,
  dialects: ['openai-chat'],
};
