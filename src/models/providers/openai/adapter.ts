// OpenAI. Calls go to the Responses API, because the newest models answer there only and reasoning is kept in order;
// a call that wants what only Chat Completions has (log-probabilities, stop sequences, penalties, a seed) goes there.
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { AtelierOptions } from '../../../contracts/model.ts';
import { logprobsOfChunk } from '../openai-compatible/logprobs.ts';
import {
  bearer,
  type ModelConnection,
  type ProviderAdapter,
  withProviderOptions,
} from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { fetchList } from './model-list.ts';

async function openProvider({ baseUrl, apiKey, headers, fetch }: ModelConnection) {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return createOpenAI({ baseURL: baseUrl, apiKey: apiKey ?? NO_KEY, headers, fetch });
}

function needsChat(call: LanguageModelV4CallOptions, extra: AtelierOptions): boolean {
  return (
    extra.logprobs === true ||
    extra.logitBias !== undefined ||
    (call.stopSequences?.length ?? 0) > 0 ||
    call.seed !== undefined ||
    call.presencePenalty !== undefined ||
    call.frequencyPenalty !== undefined
  );
}

export const openai: ProviderAdapter = {
  defaultBaseUrl: 'https://api.openai.com/v1',
  path: '/v1',
  needsKey: true,
  needsRegion: false,
  authorize: bearer,
  list: fetchList,
  honours: ['logprobs', 'topLogprobs', 'logitBias'],
  async openLanguage(connection, call, extra) {
    const provider = await openProvider(connection);
    if (!needsChat(call, extra)) {
      // What is kept is kept here: OpenAI is asked to store nothing.
      const options = withProviderOptions(call, 'openai', { store: false });
      return { model: provider.responses(connection.name), options };
    }
    const options = withProviderOptions(call, 'openai', {
      ...(extra.logprobs ? { logprobs: Math.min(extra.topLogprobs ?? 0, 20) || true } : {}),
      ...(extra.logitBias ? { logitBias: extra.logitBias } : {}),
    });
    return { model: provider.chat(connection.name), options, logprobsOf: logprobsOfChunk };
  },
  openEmbedding: async (connection) => (await openProvider(connection)).embeddingModel(connection.name),
  dialects: ['openai-chat', 'openai-responses'],
};
