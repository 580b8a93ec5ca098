// Configured remote endpoints: rows whose key and headers are sealed, tested by asking for their models.
// A key is opened only to make a call; it is never returned, logged or put into an error.
import { AtelierError, type ErrorBody, toAtelierError } from '../contracts/errors.ts';
import { type Price, priceSchema } from '../contracts/money.ts';
import { type Provider, type ProviderTest, providerInputSchema } from '../contracts/provider.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createHttp, type Http } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import { createMemo } from '../lib/memo.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { addressesOf, checkHeaders, checkKey, freeId } from './endpoint-input.ts';
import type { Endpoints } from './endpoints.ts';
import {
  fetchModelList,
  LIST_TIMEOUT_MS,
  type ListedModel,
} from './providers/openai-compatible/model-list.ts';
import { directLoopback } from './providers/openai-compatible/provider-fetch.ts';
import { createRemoteProvider, type OpenedEndpoint } from './providers/openai-compatible/remote-provider.ts';

export interface EndpointsOptions {
  store: Store;
  /** Seals what must not be read from the store alone. */
  sealer: { seal(text: string): string; open(sealed: string): string };
  log: Log;
  http?: Http;
  /** How long a model list is waited for. */
  listTimeoutMs?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

type Row = Database['providers'];

/** How long rows are kept in memory: a change by another node is seen after this. */
const ROWS_MS = 2000;
/** An endpoint that did not answer is asked again, behind a listing, after this. */
const RECHECK_MS = 60_000;

interface Checked extends ProviderTest {
  /** The address that answered, or the first that was tried. */
  baseUrl: string;
  list: ListedModel[];
}

const stateOf = (error: ErrorBody | null): Provider['state'] =>
  error === null ? 'ready' : error.code === 'provider_unauthorized' ? 'unauthorized' : 'unreachable';

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const {
    store,
    sealer,
    log,
    http = createHttp({ env: directLoopback(process.env) }),
    listTimeoutMs = LIST_TIMEOUT_MS,
    now = Date.now,
  } = options;
  const changed = createEmitter<void>((error) =>
    log.error('a listener of the endpoints failed', { message: String(error) }),
  );
  const rows = createMemo<Row[]>(
    () => store.db.selectFrom('providers').selectAll().orderBy('created_at').orderBy('id').execute(),
    ROWS_MS,
    now,
  );
  const rechecking = new Set<string>();

  function announce(): void {
    rows.forget();
    changed.emit();
  }

  async function rowOf(id: string): Promise<Row> {
    const row = await store.db.selectFrom('providers').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return row;
    throw new AtelierError('not_found', `There is no endpoint ${id}.`, { data: { id } });
  }

  const openRow = (row: Pick<Row, 'sealed_key' | 'headers'>): OpenedEndpoint => ({
    apiKey: row.sealed_key === null ? null : sealer.open(row.sealed_key),
    headers: row.headers === '{}' ? {} : JSON.parse(sealer.open(row.headers)),
  });
  /** Headers carry keys too at some endpoints, so they are sealed whole. */
  const sealHeaders = (headers: Record<string, string>) =>
    Object.keys(headers).length === 0 ? '{}' : sealer.seal(JSON.stringify(headers));

  async function check(id: string, typed: string, { apiKey, headers }: OpenedEndpoint): Promise<Checked> {
    const addresses = addressesOf(typed);
    const secrets = [apiKey ?? '', ...Object.values(headers)];
    let first: AtelierError | null = null;
    for (const baseUrl of addresses) {
      const started = performance.now();
      try {
        const sent = { ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}), ...headers };
        const list = await fetchModelList(
          http,
          baseUrl,
          sent,
          { id, host: new URL(baseUrl).host, secrets },
          listTimeoutMs,
        );
        const latencyMs = Math.round(performance.now() - started);
        return { ok: true, models: list.map((model) => model.name), latencyMs, error: null, baseUrl, list };
      } catch (thrown) {
        first ??= toAtelierError(thrown);
        // Another path helps only where the server answered, and not with a refusal of the key.
        if (first.code === 'provider_unreachable' || first.code === 'provider_unauthorized') break;
      }
    }
    const error = first?.toJSON() ?? null;
    return { ok: false, models: [], latencyMs: null, error, baseUrl: addresses[0] ?? typed, list: [] };
  }

  /** Without a list the last known models stay, so that an outage does not forget them. */
  const outcomeOf = (checked: Checked) => ({
    base_url: checked.baseUrl,
    ...(checked.ok ? { models: JSON.stringify(checked.list) } : {}),
    state: stateOf(checked.error),
    error: checked.error && JSON.stringify(checked.error),
    checked_at: now(),
  });

  async function recheck(row: Row): Promise<Checked> {
    const checked = await check(row.id, row.base_url, openRow(row));
    await store.write([store.db.updateTable('providers').set(outcomeOf(checked)).where('id', '=', row.id)]);
    announce();
    return checked;
  }

  function recheckLater(row: Row): void {
    if (row.state !== 'unreachable' || now() - (row.checked_at ?? 0) < RECHECK_MS || rechecking.has(row.id))
      return;
    rechecking.add(row.id);
    recheck(row)
      .catch((error: unknown) =>
        log.warn('an endpoint could not be tested', { id: row.id, message: toAtelierError(error).code }),
      )
      .finally(() => rechecking.delete(row.id));
  }

  async function prices(): Promise<Map<string, Price>> {
    const found = await store.db.selectFrom('prices').select(['model', 'price']).execute();
    return new Map(found.map((row) => [row.model, priceSchema.parse(JSON.parse(row.price))]));
  }

  async function toProvider(row: Row, known?: Map<string, Price>): Promise<Provider> {
    const priced = known ?? (await prices());
    const models = JSON.parse(row.models) as ListedModel[];
    return {
      id: row.id,
      kind: 'openai-compatible',
      name: row.name,
      baseUrl: row.base_url,
      hasKey: row.sealed_key !== null,
      models: models.map((model) => ({
        ...model,
        price: priced.get(`${row.id}/${model.name}`) ?? { kind: 'unknown' },
      })),
      state: row.state as Provider['state'],
      error: row.error === null ? null : (JSON.parse(row.error) as ErrorBody),
      checkedAt: row.checked_at,
      createdAt: row.created_at,
    };
  }

  const asTest = ({ ok, models, latencyMs, error }: Checked): ProviderTest => ({
    ok,
    models,
    latencyMs,
    error,
  });

  return {
    async list() {
      const known = await prices();
      return Promise.all((await rows.get()).map((row) => toProvider(row, known)));
    },
    async create(given) {
      const input = providerInputSchema.parse(given);
      const taken = (await store.db.selectFrom('providers').select('id').execute()).map((row) => row.id);
      const id = freeId(input.id, input.name, taken);
      const opened = { apiKey: checkKey(input.apiKey ?? null), headers: checkHeaders(input.headers ?? {}) };
      const checked = await check(id, input.baseUrl, opened);
      const row: Row = {
        id,
        kind: input.kind,
        name: input.name,
        sealed_key: opened.apiKey === null ? null : sealer.seal(opened.apiKey),
        headers: sealHeaders(opened.headers),
        models: '[]',
        created_at: now(),
        ...outcomeOf(checked),
      };
      await store.write([store.db.insertInto('providers').values(row)]);
      announce();
      return toProvider(row);
    },
    async update(id, given) {
      const row = await rowOf(id);
      const input = providerInputSchema.partial().parse(given);
      if (input.id !== undefined && input.id !== id) {
        throw new AtelierError(
          'invalid_request',
          'The id of an endpoint cannot change, because its models are named by it. Add another endpoint.',
          {
            data: { id },
          },
        );
      }
      const [baseUrl = row.base_url] =
        input.baseUrl === undefined ? [row.base_url] : addressesOf(input.baseUrl);
      const moved = new URL(baseUrl).origin !== new URL(row.base_url).origin;
      const keeps =
        (row.sealed_key !== null && input.apiKey === undefined) ||
        (row.headers !== '{}' && input.headers === undefined);
      if (moved && keeps) {
        throw new AtelierError(
          'invalid_request',
          'The address names another host, and a stored key is never sent to a host it was not entered for. Enter the key (and headers) again, or null to go without.',
          { data: { id } },
        );
      }
      const sealedKey =
        input.apiKey === undefined
          ? row.sealed_key
          : input.apiKey === null
            ? null
            : sealer.seal(checkKey(input.apiKey) ?? '');
      const headers = input.headers === undefined ? row.headers : sealHeaders(checkHeaders(input.headers));
      const next: Row = {
        ...row,
        name: input.name ?? row.name,
        base_url: baseUrl,
        sealed_key: sealedKey,
        headers,
      };
      const reached =
        moved || baseUrl !== row.base_url || input.apiKey !== undefined || input.headers !== undefined;
      const outcome = reached ? outcomeOf(await check(id, baseUrl, openRow(next))) : {};
      const updated = { ...next, ...outcome };
      await store.write([store.db.updateTable('providers').set(updated).where('id', '=', id)]);
      announce();
      return toProvider(updated);
    },
    async remove(id) {
      await rowOf(id);
      await store.write([
        store.db.deleteFrom('providers').where('id', '=', id),
        // Another endpoint may take the id, and must not inherit its prices.
        store.db.deleteFrom('prices').where('model', 'like', `${id}/%`),
      ]);
      announce();
    },
    async test(target) {
      if ('id' in target) return asTest(await recheck(await rowOf(target.id)));
      const input = providerInputSchema.parse(target.input);
      const opened = { apiKey: checkKey(input.apiKey ?? null), headers: checkHeaders(input.headers ?? {}) };
      return asTest(await check(input.id ?? 'new', input.baseUrl, opened));
    },
    async providers() {
      const stored = await rows.get();
      for (const row of stored) recheckLater(row);
      return stored.map((row) =>
        createRemoteProvider({
          id: row.id,
          name: row.name,
          baseUrl: row.base_url,
          models: JSON.parse(row.models) as ListedModel[],
          reachable: row.state === 'ready' || row.state === 'untested',
          error: row.error === null ? null : (JSON.parse(row.error) as ErrorBody),
          createdAt: row.created_at,
          http,
          open: () => openRow(row),
        }),
      );
    },
    onChange: (listener) => changed.on(() => listener()),
  };
}
