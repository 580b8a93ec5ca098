// What chat and embedding models of an endpoint have in common: where they are, and the AI SDK's adapter for them.
import type { OpenAICompatibleProvider, OpenAICompatibleProviderSettings } from '@ai-sdk/openai-compatible';
import type { EndpointFacts } from './provider-errors.ts';

export interface RemoteModelOptions {
  name: string;
  baseUrl: string;
  apiKey: string | null;
  headers: Record<string, string>;
  facts: EndpointFacts;
  fetch: typeof fetch;
}

/** The adapter is loaded by the first call, because it takes memory. */
export async function openAdapter(
  { baseUrl, apiKey, headers, facts, fetch }: RemoteModelOptions,
  more: Partial<OpenAICompatibleProviderSettings> = {},
): Promise<OpenAICompatibleProvider> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: facts.id,
    baseURL: baseUrl,
    headers,
    fetch,
    ...(apiKey ? { apiKey } : {}),
    ...more,
  });
}
