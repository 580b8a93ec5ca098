// Every kind of remote provider and its adapter: a kind without one does not compile.
import type { ProviderKind, ProviderKindInfo } from '../../contracts/provider.ts';
import { anthropic } from './anthropic/adapter.ts';
import { bedrock } from './bedrock/adapter.ts';
import { google } from './google/adapter.ts';
import { llamaServer } from './llama-server/adapter.ts';
import { mistral } from './mistral/adapter.ts';
import { ollama } from './ollama/adapter.ts';
import { openai } from './openai/adapter.ts';
import { openaiCompatible } from './openai-compatible/adapter.ts';
import { openrouter } from './openrouter/adapter.ts';
import type { ProviderAdapter } from './remote/provider-adapter.ts';

export const providerAdapters: Record<ProviderKind, ProviderAdapter> = {
  openai,
  anthropic,
  google,
  openrouter,
  mistral,
  bedrock,
  ollama,
  'llama-server': llamaServer,
  'openai-compatible': openaiCompatible,
};

export function describeKinds(): ProviderKindInfo[] {
  return Object.entries(providerAdapters).map(([kind, adapter]) => ({
    kind: kind as ProviderKind,
    baseUrl: adapter.defaultBaseUrl,
    needsKey: adapter.needsKey,
    needsRegion: adapter.needsRegion,
    needsCommand: kind === 'llama-server',
  }));
}
