// Configured remote endpoints: rows whose key and headers are sealed, tested by asking for their models.
// A key is opened only to make a call; it is never returned, logged or put into an error.
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import { type ProviderInput, type ProviderTest, providerInputSchema } from '../contracts/provider.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createHttp, type Http } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import { createMemo } from '../lib/memo.ts';
import type { Store } from '../store/store.ts';
import { type CheckedEndpoint, checkEndpoint, stateOf } from './check-endpoint.ts';
import { addressesOf, checkHeaders, checkKey, freeId } from './endpoint-input.ts';
import {
  type EndpointRow,
  errorOf,
  hasSecrets,
  modelsOf,
  openSecrets,
  readPrices,
  type Sealer,
  sealSecrets,
  toProvider,
} from './endpoint-rows.ts';
import type { Endpoints } from './endpoints.ts';
import { LIST_TIMEOUT_MS } from './providers/openai-compatible/model-list.ts';
import { directLoopback } from './providers/openai-compatible/provider-fetch.ts';
import { createRemoteProvider, type OpenedEndpoint } from './providers/openai-compatible/remote-provider.ts';

export interface EndpointsOptions {
  store: Store;
  sealer: Sealer;
  log: Log;
  http?: Http;
  /** How long a model list is waited for. */
  listTimeoutMs?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** How long rows are kept in memory: a change by another node is seen after this. */
const ROWS_MS = 2000;
/** An endpoint that did not answer is asked again, behind a listing, after this. */
const RECHECK_MS = 60_000;

const openedFrom = ({ apiKey, headers }: Pick<ProviderInput, 'apiKey' | 'headers'>): OpenedEndpoint => ({
  apiKey: checkKey(apiKey ?? null),
  headers: checkHeaders(headers ?? {}),
});

const asTest = ({ ok, models, latencyMs, error }: CheckedEndpoint): ProviderTest => ({
  ok,
  models,
  latencyMs,
  error,
});

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { store, sealer, log, listTimeoutMs = LIST_TIMEOUT_MS, now = Date.now } = options;
  const http = options.http ?? createHttp({ env: directLoopback(process.env) });
  const changed = createEmitter<void>((error) =>
    log.error('a listener of the endpoints failed', { message: String(error) }),
  );
  const rows = createMemo<EndpointRow[]>(
    () => store.db.selectFrom('providers').selectAll().orderBy('created_at').orderBy('id').execute(),
    ROWS_MS,
    now,
  );
  const rechecking = new Set<string>();

  function announce(): void {
    rows.forget();
    changed.emit();
  }

  async function rowOf(id: string): Promise<EndpointRow> {
    const row = await store.db.selectFrom('providers').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return row;
    throw new AtelierError('not_found', `There is no endpoint ${id}.`, { data: { id } });
  }

  const check = (id: string, addresses: readonly [string, ...string[]], opened: OpenedEndpoint) =>
    checkEndpoint({ http, timeoutMs: listTimeoutMs, id, addresses, opened });

  /** Without a list the last known models stay, so that an outage does not forget them. */
  const outcomeOf = (checked: CheckedEndpoint) => ({
    ...(checked.ok ? { models: JSON.stringify(checked.list) } : {}),
    state: stateOf(checked.error),
    error: checked.error && JSON.stringify(checked.error),
    checked_at: now(),
  });

  async function recheck(row: EndpointRow): Promise<CheckedEndpoint> {
    const checked = await check(row.id, [row.base_url], openSecrets(sealer, row));
    await store.write([
      store.db
        .updateTable('providers')
        .set(outcomeOf(checked))
        .where('id', '=', row.id)
        // What was found out about another address says nothing about this one.
        .where('base_url', '=', row.base_url),
    ]);
    announce();
    return checked;
  }

  function recheckLater(row: EndpointRow): void {
    const due = row.state === 'unreachable' && now() - (row.checked_at ?? 0) >= RECHECK_MS;
    if (!due || rechecking.has(row.id)) return;
    rechecking.add(row.id);
    recheck(row)
      .catch((error: unknown) =>
        log.warn('an endpoint could not be tested', { id: row.id, code: toAtelierError(error).code }),
      )
      .finally(() => rechecking.delete(row.id));
  }

  /** The row as `given` changes it, less what a test will say. */
  function changedRow(row: EndpointRow, given: Partial<ProviderInput>): EndpointRow {
    const [baseUrl] = given.baseUrl === undefined ? [row.base_url] : addressesOf(given.baseUrl);
    const has = hasSecrets(row);
    const keeps = (has.key && given.apiKey === undefined) || (has.headers && given.headers === undefined);
    if (keeps && new URL(baseUrl).origin !== new URL(row.base_url).origin) {
      throw new AtelierError(
        'invalid_request',
        'The address names another host, and a stored key is never sent to a host it was not entered for. Enter the key (and headers) again, or null to go without.',
        { data: { id: row.id } },
      );
    }
    const sealed = sealSecrets(sealer, openedFrom(given));
    return {
      ...row,
      name: given.name ?? row.name,
      base_url: baseUrl,
      sealed_key: given.apiKey === undefined ? row.sealed_key : sealed.sealed_key,
      headers: given.headers === undefined ? row.headers : sealed.headers,
    };
  }

  return {
    async list() {
      const prices = await readPrices(store);
      return (await rows.get()).map((row) => toProvider(row, prices));
    },
    async create(given) {
      const input = providerInputSchema.parse(given);
      const taken = (await store.db.selectFrom('providers').select('id').execute()).map((row) => row.id);
      const id = freeId(input.id, input.name, taken);
      const opened = openedFrom(input);
      const checked = await check(id, addressesOf(input.baseUrl ?? ''), opened);
      const row: EndpointRow = {
        id,
        kind: input.kind,
        name: input.name,
        base_url: checked.baseUrl,
        ...sealSecrets(sealer, opened),
        region: input.region ?? null,
        llama_server: input.llamaServer ? JSON.stringify(input.llamaServer) : null,
        models: '[]',
        created_at: now(),
        ...outcomeOf(checked),
      };
      await store.write([store.db.insertInto('providers').values(row)]);
      announce();
      return toProvider(row, await readPrices(store));
    },
    async update(id, given) {
      const row = await rowOf(id);
      const input = providerInputSchema.partial().parse(given);
      if (input.id !== undefined && input.id !== id) {
        throw new AtelierError(
          'invalid_request',
          'The id of an endpoint cannot change, because its models are named by it. Add another endpoint.',
          { data: { id } },
        );
      }
      let next = changedRow(row, input as Partial<ProviderInput>);
      if (input.baseUrl !== undefined || input.apiKey !== undefined || input.headers !== undefined) {
        const addresses =
          input.baseUrl === undefined ? ([row.base_url] as const) : addressesOf(input.baseUrl);
        const checked = await check(id, addresses, openSecrets(sealer, next));
        next = { ...next, base_url: checked.baseUrl, ...outcomeOf(checked) };
      }
      await store.write([store.db.updateTable('providers').set(next).where('id', '=', id)]);
      announce();
      return toProvider(next, await readPrices(store));
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
      return asTest(await check(input.id ?? 'new', addressesOf(input.baseUrl ?? ''), openedFrom(input)));
    },
    async providers() {
      const stored = await rows.get();
      for (const row of stored) recheckLater(row);
      return stored.map((row) =>
        createRemoteProvider({
          id: row.id,
          baseUrl: row.base_url,
          models: modelsOf(row),
          reachable: row.state === 'ready' || row.state === 'untested',
          error: errorOf(row),
          createdAt: row.created_at,
          http,
          open: () => openSecrets(sealer, row),
        }),
      );
    },
    onChange: (listener) => changed.on(() => listener()),
  };
}
