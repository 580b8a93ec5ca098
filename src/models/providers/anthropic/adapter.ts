// Anthropic's Messages API.
import type { ModelConnection, ProviderAdapter } from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { fetchList } from './model-list.ts';

async function openProvider({ baseUrl, apiKey, headers, fetch }: ModelConnection) {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  return createAnthropic({ baseURL: baseUrl, apiKey: apiKey ?? NO_KEY, headers, fetch });
}

export const anthropic: ProviderAdapter = {
  defaultBaseUrl: 'https://api.anthropic.com/v1',
  path: '/v1',
  needsKey: true,
  needsRegion: false,
  authorize: (apiKey) => ({ 'x-api-key': apiKey }),
  list: fetchList,
  honours: [],
  async openLanguage(connection, call) {
    return { model: (await openProvider(connection)).languageModel(connection.name), options: call };
  },
  openEmbedding: null,
  dialects: ['anthropic-messages'],
};
