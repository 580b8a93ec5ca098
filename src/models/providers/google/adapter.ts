// Google's Generative Language API (Gemini).
import type { ModelConnection, ProviderAdapter } from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { fetchList } from './model-list.ts';

async function openProvider({ baseUrl, apiKey, headers, fetch }: ModelConnection) {
  const { createGoogle } = await import('@ai-sdk/google');
  return createGoogle({ baseURL: baseUrl, apiKey: apiKey ?? NO_KEY, headers, fetch });
}

export const google: ProviderAdapter = {
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  path: '/v1beta',
  needsKey: true,
  needsRegion: false,
  authorize: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  list: fetchList,
  honours: [],
  async openLanguage(connection, call) {
    return { model: (await openProvider(connection)).languageModel(connection.name), options: call };
  },
  openEmbedding: async (connection) => (await openProvider(connection)).embeddingModel(connection.name),
  dialects: [],
};
