// A configured remote provider as a provider of models: its list, completed by what the data file knows.
import type { ErrorBody } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { ProviderKind } from '../../../contracts/provider.ts';
import type { Http } from '../../../lib/http.ts';
import type { ResolvedModel } from '../../model-call.ts';
import type { PriceBook } from '../../prices/price-book.ts';
import type { ModelProvider } from '../../registry.ts';
import { relay } from '../relay/relay.ts';
import { isEmbeddingName, type ListedModel } from './listed-model.ts';
import type { Connection, ModelConnection, ProviderAdapter } from './provider-adapter.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { createRemoteEmbeddingModel } from './remote-embedding-model.ts';
import { createRemoteLanguageModel } from './remote-language-model.ts';

/** A provider with its secrets opened. */
export interface OpenedEndpoint {
  apiKey: string | null;
  headers: Record<string, string>;
}

export interface RemoteProviderOptions {
  id: string;
  kind: ProviderKind;
  adapter: ProviderAdapter;
  baseUrl: string;
  region: string | null;
  models: readonly ListedModel[];
  book: PriceBook;
  reachable: boolean;
  error: ErrorBody | null;
  createdAt: number;
  http: Http;
  /** Opened only for a call, never for a list. */
  open(): OpenedEndpoint;
}

/** What the list says, and where it says nothing, what the data file does. */
export function completed(kind: ProviderKind, book: PriceBook, listed: ListedModel) {
  const known = book.find(kind, listed.name);
  return {
    kind: listed.kind ?? (isEmbeddingName(listed.name) ? ('embedding' as const) : ('chat' as const)),
    contextLength: listed.contextLength ?? known?.contextLength ?? null,
    maxOutputTokens: listed.maxOutputTokens ?? known?.maxOutputTokens ?? null,
    price: listed.price ?? known?.price ?? { kind: 'unknown' as const },
  };
}

export function createRemoteProvider(options: RemoteProviderOptions): ModelProvider {
  const { id, adapter, baseUrl, region, models, http } = options;
  const { host } = new URL(baseUrl);

  const infoOf = (listed: ListedModel): ModelInfo => {
    const { kind, contextLength, price } = completed(options.kind, options.book, listed);
    return {
      id: `${id}/${listed.name}`,
      provider: id,
      name: listed.name,
      displayName: listed.displayName ?? listed.name,
      kind,
      place: { kind: 'remote', host },
      state: options.reachable ? 'ready' : 'unreachable',
      error: options.error,
      contextLength,
      parameters: listed.parameters ?? null,
      quantization: listed.quantization ?? null,
      sizeBytes: listed.sizeBytes ?? null,
      licence: null,
      // Where the list does not say what it reads and whether it calls tools, the provider says so when asked.
      input: listed.input ?? ['text', 'image'],
      tools: listed.tools ?? true,
      languages: [],
      price,
      createdAt: options.createdAt,
    };
  };

  function connect(name: string): Connection {
    const { apiKey, headers } = options.open();
    // Of an access key each part is a secret, and so is a key without its scheme.
    const secrets = [apiKey ?? '', ...(apiKey?.split(':') ?? []), ...Object.values(headers)];
    return { baseUrl, region, apiKey, headers, facts: { id, host, model: name, secrets } };
  }

  return {
    id,
    list: async () => models.map(infoOf),
    async resolve(name) {
      // A provider without a list (it is optional in practice) is asked by any name.
      const listed =
        models.find((model) => model.name === name) ??
        (models.length === 0 ? { name, contextLength: null } : null);
      if (!listed) return null;
      const info = infoOf(listed);
      return resolveRemote(adapter, http, info, connect(name));
    },
  };
}

/** A model behind a connection, with every way in which it can be asked. */
export function resolveRemote(
  adapter: ProviderAdapter,
  http: Http,
  info: ModelInfo,
  connection: Connection,
): ResolvedModel {
  const { name } = info;
  const model: ModelConnection = {
    ...connection,
    name,
    price: info.price,
    fetch: createProviderFetch(http, connection.facts),
  };
  if (info.kind === 'embedding') {
    const embedding = adapter.openEmbedding && createRemoteEmbeddingModel(adapter.openEmbedding, model);
    return { info, language: null, embedding };
  }
  return {
    info,
    language: createRemoteLanguageModel(adapter, model),
    embedding: null,
    relays: adapter.dialects,
    relay: (wire) => relay({ http, adapter, connection, name, wire }),
  };
}
