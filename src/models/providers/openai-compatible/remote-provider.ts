// A configured endpoint as a provider of models.
import type { ErrorBody } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { Http } from '../../../lib/http.ts';
import type { ModelProvider } from '../../registry.ts';
import { isEmbeddingName, type ListedModel } from './model-list.ts';
import type { EndpointFacts } from './provider-errors.ts';
import { createProviderFetch } from './provider-fetch.ts';
import { createRemoteEmbeddingModel } from './remote-embedding-model.ts';
import { createRemoteLanguageModel } from './remote-language-model.ts';

/** An endpoint with its secrets opened. */
export interface OpenedEndpoint {
  apiKey: string | null;
  headers: Record<string, string>;
}

export interface RemoteProviderOptions {
  id: string;
  baseUrl: string;
  models: readonly ListedModel[];
  reachable: boolean;
  error: ErrorBody | null;
  createdAt: number;
  http: Http;
  /** Opened only for a call, never for a list. */
  open(): OpenedEndpoint;
}

export function createRemoteProvider(options: RemoteProviderOptions): ModelProvider {
  const { id, baseUrl, models, http } = options;
  const { host } = new URL(baseUrl);

  const infoOf = ({ name, contextLength }: ListedModel): ModelInfo => ({
    id: `${id}/${name}`,
    provider: id,
    name,
    displayName: name,
    kind: isEmbeddingName(name) ? 'embedding' : 'chat',
    place: { kind: 'remote', host },
    state: options.reachable ? 'ready' : 'unreachable',
    error: options.error,
    contextLength,
    parameters: null,
    quantization: null,
    sizeBytes: null,
    licence: null,
    // What it can read and whether it calls tools is not in the list; the endpoint says so when asked.
    input: ['text', 'image'],
    tools: true,
    languages: [],
    price: { kind: 'unknown' },
    createdAt: options.createdAt,
  });

  return {
    id,
    list: async () => models.map(infoOf),
    async resolve(name) {
      // An endpoint without a list (it is optional in practice) is asked by any name.
      const listed =
        models.find((model) => model.name === name) ??
        (models.length === 0 ? { name, contextLength: null } : null);
      if (!listed) return null;
      const info = infoOf(listed);
      const { apiKey, headers } = options.open();
      const facts: EndpointFacts = {
        id,
        host,
        model: name,
        secrets: [apiKey ?? '', ...Object.values(headers)],
      };
      const remote = { name, baseUrl, apiKey, headers, facts, fetch: createProviderFetch(http, facts) };
      return info.kind === 'embedding'
        ? { info, language: null, embedding: createRemoteEmbeddingModel(remote) }
        : { info, language: createRemoteLanguageModel(remote), embedding: null };
    },
  };
}
