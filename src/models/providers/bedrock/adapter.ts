// Amazon Bedrock through its Converse API. The key is an API key of Bedrock, or an access key written as
// `ID:SECRET` (or `ID:SECRET:SESSION`), with which requests are signed.
import { bearer, type ModelConnection, type ProviderAdapter } from '../remote/provider-adapter.ts';
import { NO_KEY } from '../remote/provider-fetch.ts';
import { accessKeyOf } from './access-key.ts';
import { fetchList } from './model-list.ts';

async function openProvider({ baseUrl, region, apiKey, headers, fetch }: ModelConnection) {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
  const pair = accessKeyOf(apiKey);
  return createAmazonBedrock({
    region: region ?? 'us-east-1',
    baseURL: baseUrl,
    headers,
    fetch,
    // Without a key of its own it would take one of the environment's.
    ...(pair ? { apiKey: '', ...pair } : { apiKey: apiKey ?? NO_KEY }),
  });
}

export const bedrock: ProviderAdapter = {
  defaultBaseUrl: 'https://bedrock-runtime.{region}.amazonaws.com',
  path: '',
  needsKey: true,
  needsRegion: true,
  authorize: bearer,
  list: fetchList,
  honours: [],
  async openLanguage(connection, call) {
    return { model: (await openProvider(connection)).languageModel(connection.name), options: call };
  },
  openEmbedding: async (connection) => (await openProvider(connection)).embeddingModel(connection.name),
  dialects: [],
};
