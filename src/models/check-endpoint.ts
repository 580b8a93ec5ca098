// Tests an endpoint by asking for its models, at each address under which the API may be.
import { type AtelierError, type ErrorBody, toAtelierError } from '../contracts/errors.ts';
import type { Provider, ProviderTest } from '../contracts/provider.ts';
import type { Http } from '../lib/http.ts';
import { fetchModelList, type ListedModel } from './providers/openai-compatible/model-list.ts';
import type { OpenedEndpoint } from './providers/openai-compatible/remote-provider.ts';

export interface CheckedEndpoint extends ProviderTest {
  /** The address that answered, or the first that was tried. */
  baseUrl: string;
  list: ListedModel[];
}

export interface CheckOptions {
  http: Http;
  timeoutMs: number;
  /** Id of the endpoint, for the error. */
  id: string;
  addresses: readonly [string, ...string[]];
  opened: OpenedEndpoint;
}

export async function checkEndpoint(options: CheckOptions): Promise<CheckedEndpoint> {
  const { http, timeoutMs, id, addresses, opened } = options;
  const { apiKey, headers } = opened;
  const secrets = [apiKey ?? '', ...Object.values(headers)];
  const sent = { ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}), ...headers };
  let first: AtelierError | null = null;
  for (const baseUrl of addresses) {
    const started = performance.now();
    try {
      const facts = { id, host: new URL(baseUrl).host, secrets };
      const list = await fetchModelList(http, baseUrl, sent, facts, timeoutMs);
      const latencyMs = Math.round(performance.now() - started);
      return { ok: true, models: list.map((model) => model.name), latencyMs, error: null, baseUrl, list };
    } catch (thrown) {
      first ??= toAtelierError(thrown);
      // Another path helps only where the server answered, and not with a refusal of the key.
      if (first.code === 'provider_unreachable' || first.code === 'provider_unauthorized') break;
    }
  }
  const error = first?.toJSON() ?? null;
  return { ok: false, models: [], latencyMs: null, error, baseUrl: addresses[0], list: [] };
}

export function stateOf(error: ErrorBody | null): Provider['state'] {
  if (error === null) return 'ready';
  return error.code === 'provider_unauthorized' ? 'unauthorized' : 'unreachable';
}
