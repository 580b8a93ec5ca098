// What a kind of remote provider brings: its address, how its key travels, its list of models, its adapter of the AI
// SDK, and the wires that it speaks as our callers do. A new kind is filled in, not designed.

import type {
  EmbeddingModelV4,
  JSONValue,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { AtelierOptions, TokenLogprob } from '../../../contracts/model.ts';
import type { Price } from '../../../contracts/money.ts';
import type { Notice } from '../../../contracts/notice.ts';
import type { Http } from '../../../lib/http.ts';
import type { WireDialect } from '../../model-call.ts';
import type { ListedModel } from './listed-model.ts';
import type { EndpointFacts } from './provider-errors.ts';

/** A configured provider with its secrets opened, for one call. */
export interface Connection {
  baseUrl: string;
  region: string | null;
  apiKey: string | null;
  headers: Record<string, string>;
  facts: EndpointFacts;
}

export interface ModelConnection extends Connection {
  /** Name of the model at the provider. */
  name: string;
  price: Price;
  /** For the adapter of the AI SDK: our own client, without redirects and environment keys. */
  fetch: typeof fetch;
}

export interface ListConnection extends Connection {
  http: Http;
  timeoutMs: number;
}

/** The AI SDK's model for one call, with the call as it is to be given to it. */
export interface OpenedLanguage {
  model: LanguageModelV4;
  options: LanguageModelV4CallOptions;
  /** Log-probabilities in a raw chunk; the raw chunks are asked for when the call wants them. */
  logprobsOf?: (chunk: unknown) => TokenLogprob[];
  /** Sees the finish part, for what a provider says there and nowhere else. */
  onFinish?: (part: Extract<LanguageModelV4StreamPart, { type: 'finish' }>) => Notice[];
}

/** Fields of ours that a provider honours; any other that is set is warned of. */
export type HonouredField = 'logprobs' | 'topLogprobs' | 'logitBias' | 'minP' | 'repeatPenalty';

export interface ProviderAdapter {
  /** null: the person gives it. `{region}` is replaced. */
  defaultBaseUrl: string | null;
  /** Put behind an address that has no path. */
  path: string;
  needsKey: boolean;
  needsRegion: boolean;
  /** Headers that carry the key, for what goes to the provider without the AI SDK. */
  authorize(apiKey: string): Record<string, string>;
  list(connection: ListConnection): Promise<ListedModel[]>;
  honours: readonly HonouredField[];
  /** The adapter of the AI SDK is imported by the first call, because it takes memory. */
  openLanguage(
    connection: ModelConnection,
    call: LanguageModelV4CallOptions,
    extra: AtelierOptions,
  ): Promise<OpenedLanguage>;
  openEmbedding: ((connection: ModelConnection) => Promise<EmbeddingModelV4>) | null;
  /** Wires whose bodies go to it as they are. */
  dialects: readonly WireDialect[];
  /** Whether a stream of chat completions tells its usage unasked. Default: when asked. */
  usageInStream?: 'always';
  /** Of a wire's route, where the addresses differ. Default: the wire's own. */
  relayBaseUrl?: (baseUrl: string) => string;
}

export const bearer = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` });

/** The call with more options for one provider of the AI SDK. Ours stay out: they are no provider's. */
export function withProviderOptions(
  call: LanguageModelV4CallOptions,
  provider: string,
  fields: Record<string, JSONValue | undefined>,
): LanguageModelV4CallOptions {
  const { atelier: _ours, ...others } = call.providerOptions ?? {};
  return { ...call, providerOptions: { ...others, [provider]: { ...others[provider], ...fields } } };
}
