// Tests a provider by asking for its models, at each address under which the API may be.
import { type AtelierError, type ErrorBody, toAtelierError } from '../contracts/errors.ts';
import type { Provider, ProviderKind, ProviderTest } from '../contracts/provider.ts';
import type { Http } from '../lib/http.ts';
import { providerAdapters } from './providers/provider-adapters.ts';
import type { ListedModel } from './providers/remote/listed-model.ts';
import type { OpenedEndpoint } from './providers/remote/remote-provider.ts';

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
  kind: ProviderKind;
  addresses: readonly [string, ...string[]];
  region: string | null;
  opened: OpenedEndpoint;
}

export async function checkEndpoint(options: CheckOptions): Promise<CheckedEndpoint> {
  const { http, timeoutMs, id, kind, addresses, region, opened } = options;
  const { apiKey, headers } = opened;
  const secrets = [apiKey ?? '', ...(apiKey?.split(':') ?? []), ...Object.values(headers)];
  let first: AtelierError | null = null;
  for (const baseUrl of addresses) {
    const started = performance.now();
    try {
      const facts = { id, host: new URL(baseUrl).host, secrets };
      const connection = { http, baseUrl, region, apiKey, headers, facts, timeoutMs };
      const list = await providerAdapters[kind].list(connection);
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

/** One that answered without a list can be asked by the names that a person entered. */
export function stateOf(error: ErrorBody | null, names: readonly string[]): Provider['state'] {
  if (error === null) return 'ready';
  if (error.code === 'provider_unauthorized') return 'unauthorized';
  const answered = error.code === 'provider_rejected' || error.code === 'provider_failed';
  return error.data.noList === true || (answered && names.length > 0) ? 'untested' : 'unreachable';
}
