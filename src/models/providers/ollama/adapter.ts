// Ollama: its own routes say what it has, its OpenAI wire answers.
import { openCompatibleEmbedding, openCompatibleLanguage } from '../openai-compatible/adapter.ts';
import { bearer, type ModelConnection, type ProviderAdapter } from '../remote/provider-adapter.ts';
import { fetchList } from './model-list.ts';

const wireAddress = (baseUrl: string) => `${baseUrl}/v1`;
const overWire = (connection: ModelConnection): ModelConnection => ({
  ...connection,
  baseUrl: wireAddress(connection.baseUrl),
});

const openLanguage = openCompatibleLanguage();

export const ollama: ProviderAdapter = {
  defaultBaseUrl: 'http://127.0.0.1:11434',
  path: '',
  needsKey: false,
  needsRegion: false,
  authorize: bearer,
  list: fetchList,
  honours: ['logprobs', 'topLogprobs'],
  openLanguage: (connection, call, extra) => openLanguage(overWire(connection), call, extra),
  openEmbedding: (connection) => openCompatibleEmbedding(overWire(connection)),
  dialects: ['openai-chat'],
  relayBaseUrl: wireAddress,
};
