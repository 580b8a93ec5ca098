// Mistral's platform.
import { bearer, type ModelConnection, type ProviderAdapter } from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { fetchList } from './model-list.ts';

async function openProvider({ baseUrl, apiKey, headers, fetch }: ModelConnection) {
  const { createMistral } = await import('@ai-sdk/mistral');
  return createMistral({ baseURL: baseUrl, apiKey: apiKey ?? NO_KEY, headers, fetch });
}

export const mistral: ProviderAdapter = {
  defaultBaseUrl: 'https://api.mistral.ai/v1',
  path: '/v1',
  needsKey: true,
  needsRegion: false,
  authorize: bearer,
  list: fetchList,
  honours: [],
  async openLanguage(connection, call) {
    return { model: (await openProvider(connection)).languageModel(connection.name), options: call };
  },
  openEmbedding: async (connection) => (await openProvider(connection)).embeddingModel(connection.name),
  dialects: ['openai-chat'],
  usageInStream: 'always',
};
