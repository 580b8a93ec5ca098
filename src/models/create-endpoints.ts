// Configured remote endpoints: rows whose key and headers are sealed, tested by asking for their models.
// A key is opened only to make a call; it is never returned, logged or put into an error.
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import {
  type LlamaServer,
  type ProviderInput,
  type ProviderKind,
  type ProviderTest,
  providerInputSchema,
} from '../contracts/provider.ts';
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
  kindOf,
  llamaServerOf,
  modelsOf,
  namesByHand,
  openSecrets,
  readPrices,
  type Sealer,
  sealSecrets,
  toProvider,
  withNames,
} from './endpoint-rows.ts';
import type { Endpoints } from './endpoints.ts';
import type { InstalledModel } from './library.ts';
import { createPriceBook, type PriceBook } from './prices/price-book.ts';
import {
  createLlamaServerProvider,
  modelNameOf,
  notInstalled,
} from './providers/llama-server/llama-server-provider.ts';
import { createLlamaServerRunner } from './providers/llama-server/runner.ts';
import { providerAdapters } from './providers/provider-adapters.ts';
import { LIST_TIMEOUT_MS } from './providers/remote/fetch-json.ts';
import type { ListedModel } from './providers/remote/listed-model.ts';
import { directLoopback } from './providers/remote/provider-fetch.ts';
import { createRemoteProvider, type OpenedEndpoint } from './providers/remote/remote-provider.ts';
import type { ModelProvider } from './registry.ts';

export interface EndpointsOptions {
  store: Store;
  sealer: Sealer;
  log: Log;
  http?: Http;
  /** Models on this machine, for a llama-server. */
  installed?: () => Promise<InstalledModel[]>;
  /** Minutes after which an idle llama-server is stopped; null: never. */
  idleMinutes?: () => number | null;
  book?: PriceBook;
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
  const { installed = async () => [], idleMinutes = () => null, book = createPriceBook() } = options;
  const http = options.http ?? createHttp({ env: directLoopback(process.env) });
  const runner = createLlamaServerRunner({ http, log, idleMinutes });
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

  /** Where a provider is asked: kind, addresses, region. */
  type Target = Pick<EndpointRow, 'id' | 'region'> & {
    kind: ProviderKind;
    addresses: readonly [string, ...string[]];
  };
  const check = (target: Target, opened: OpenedEndpoint) =>
    checkEndpoint({ http, timeoutMs: listTimeoutMs, opened, ...target });
  const targetOf = (row: EndpointRow): Target => ({
    id: row.id,
    kind: kindOf(row),
    addresses: [row.base_url],
    region: row.region,
  });

  /**
   * What is stored of a test. Without a list the last known models stay, so that an outage does not forget them; a kind
   * that gives none to this key has those of the data file.
   */
  function outcomeOf(
    kind: ProviderKind,
    checked: CheckedEndpoint,
    before: readonly ListedModel[],
    names: readonly string[],
  ) {
    const { ok, list, error } = checked;
    const known =
      error?.data.noList === true
        ? book.names(kind).map((name): ListedModel => ({ name, contextLength: null }))
        : before.filter((model) => !model.byHand);
    return {
      models: JSON.stringify(withNames(ok ? list : known, names)),
      state: stateOf(error, names),
      error: error && JSON.stringify(error),
      checked_at: now(),
    };
  }

  /** A llama-server is tested by starting it. */
  async function checkLlamaServer(id: string, config: LlamaServer): Promise<ProviderTest> {
    const started = performance.now();
    const failed = (error: unknown): ProviderTest => ({
      ok: false,
      models: [],
      latencyMs: null,
      error: toAtelierError(error).toJSON(),
    });
    const name = modelNameOf(config);
    const model = (await installed()).find((one) => one.id === name);
    if (!model) return failed(notInstalled(config));
    try {
      const lease = await runner.lease(id, { config, modelPath: model.path, adapterPath: model.adapter });
      lease.release();
    } catch (error) {
      return failed(error);
    }
    return { ok: true, models: [name], latencyMs: Math.round(performance.now() - started), error: null };
  }

  async function storeOutcome(row: EndpointRow, outcome: Partial<EndpointRow>): Promise<void> {
    await store.write([
      store.db
        .updateTable('providers')
        .set(outcome)
        .where('id', '=', row.id)
        // What was found out about another address says nothing about this one.
        .where('base_url', '=', row.base_url),
    ]);
    announce();
  }

  async function recheck(row: EndpointRow): Promise<ProviderTest> {
    const config = llamaServerOf(row);
    if (config) {
      const tested = await checkLlamaServer(row.id, config);
      await storeOutcome(row, {
        state: stateOf(tested.error, []),
        error: tested.error && JSON.stringify(tested.error),
        checked_at: now(),
      });
      return tested;
    }
    const checked = await check(targetOf(row), openSecrets(sealer, row));
    const models = modelsOf(row);
    await storeOutcome(row, outcomeOf(kindOf(row), checked, models, namesByHand(models)));
    return asTest(checked);
  }

  function recheckLater(row: EndpointRow): void {
    const due =
      row.llama_server === null && row.state === 'unreachable' && now() - (row.checked_at ?? 0) >= RECHECK_MS;
    if (!due || rechecking.has(row.id)) return;
    rechecking.add(row.id);
    recheck(row)
      .catch((error: unknown) =>
        log.warn('an endpoint could not be tested', { id: row.id, code: toAtelierError(error).code }),
      )
      .finally(() => rechecking.delete(row.id));
  }

  /** Where it is after the change: an address of the kind's own follows the region, another one stays. */
  function addressesAfter(row: EndpointRow, given: Partial<ProviderInput>): [string, ...string[]] {
    const kind = kindOf(row);
    if (given.baseUrl !== undefined) return addressesOf(kind, given.baseUrl, given.region ?? row.region);
    const own = providerAdapters[kind].defaultBaseUrl?.replace('{region}', row.region ?? '');
    const follows = isGiven(given.region) && given.region !== row.region && own === row.base_url;
    return follows ? addressesOf(kind, undefined, given.region ?? null) : [row.base_url];
  }

  /** The row as `given` changes it, less what a test will say. */
  function changedRow(row: EndpointRow, given: Partial<ProviderInput>): EndpointRow {
    const region = given.region === undefined ? row.region : given.region;
    const [baseUrl] = addressesAfter(row, given);
    const has = hasSecrets(row);
    const keeps = (has.key && given.apiKey === undefined) || (has.headers && given.headers === undefined);
    if (keeps && baseUrl !== row.base_url && new URL(baseUrl).origin !== new URL(row.base_url).origin) {
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
      region,
      llama_server: given.llamaServer ? JSON.stringify(given.llamaServer) : row.llama_server,
      sealed_key: given.apiKey === undefined ? row.sealed_key : sealed.sealed_key,
      headers: given.headers === undefined ? row.headers : sealed.headers,
    };
  }

  /** The row of a llama-server: it has no address, and its model is known. */
  function llamaServerRow(row: EndpointRow, config: LlamaServer): EndpointRow {
    const models: ListedModel[] = [{ name: modelNameOf(config), contextLength: null }];
    return { ...row, models: JSON.stringify(models), state: 'untested', error: null, checked_at: null };
  }

  /** Made once a row, because a list of models may be long. */
  const made = new WeakMap<EndpointRow, ModelProvider>();
  function providerOf(row: EndpointRow): ModelProvider {
    const known = made.get(row);
    if (known) return known;
    const config = llamaServerOf(row);
    const provider = config
      ? createLlamaServerProvider({ id: row.id, config, createdAt: row.created_at, runner, installed, http })
      : createRemoteProvider({
          id: row.id,
          kind: kindOf(row),
          adapter: providerAdapters[kindOf(row)],
          baseUrl: row.base_url,
          region: row.region,
          models: modelsOf(row),
          book,
          reachable: row.state === 'ready' || row.state === 'untested',
          error: errorOf(row),
          createdAt: row.created_at,
          http,
          open: () => openSecrets(sealer, row),
        });
    made.set(row, provider);
    return provider;
  }

  const shown = async (row: EndpointRow) => toProvider(row, await readPrices(store), book);

  return {
    async list() {
      const prices = await readPrices(store);
      return (await rows.get()).map((row) => toProvider(row, prices, book));
    },
    async create(given) {
      const input = checkedInput(providerInputSchema.parse(given));
      const taken = (await store.db.selectFrom('providers').select('id').execute()).map((row) => row.id);
      const id = freeId(input.id, input.name, taken);
      const opened = openedFrom(input);
      const blank: EndpointRow = {
        id,
        kind: input.kind,
        name: input.name,
        base_url: '',
        ...sealSecrets(sealer, opened),
        region: input.region ?? null,
        llama_server: input.llamaServer ? JSON.stringify(input.llamaServer) : null,
        models: '[]',
        state: 'untested',
        error: null,
        checked_at: null,
        created_at: now(),
      };
      let row = blank;
      if (input.llamaServer) row = llamaServerRow(blank, input.llamaServer);
      else {
        const addresses = addressesOf(input.kind, input.baseUrl, blank.region);
        const checked = await check({ id, kind: input.kind, addresses, region: blank.region }, opened);
        const outcome = outcomeOf(input.kind, checked, [], input.models ?? []);
        row = { ...blank, base_url: checked.baseUrl, ...outcome };
      }
      await store.write([store.db.insertInto('providers').values(row)]);
      announce();
      return shown(row);
    },
    async update(id, given) {
      const row = await rowOf(id);
      const input = providerInputSchema.partial().parse(given) as Partial<ProviderInput>;
      if (input.id !== undefined && input.id !== id) {
        throw new AtelierError(
          'invalid_request',
          'The id of an endpoint cannot change, because its models are named by it. Add another endpoint.',
          { data: { id } },
        );
      }
      // The schema's default for `kind` is no wish to change it.
      if (given.kind !== undefined && given.kind !== row.kind) {
        throw new AtelierError(
          'invalid_request',
          `The endpoint ${id} is of the kind ${row.kind}, which cannot change. Add another endpoint.`,
          { data: { id, kind: row.kind } },
        );
      }
      let next = changedRow(row, input);
      const config = llamaServerOf(next);
      if (config) {
        if (next.llama_server !== row.llama_server) {
          next = llamaServerRow(next, config);
          await runner.stop(id);
        }
      } else if ([input.baseUrl, input.region, input.apiKey, input.headers, input.models].some(isGiven)) {
        const target = { ...targetOf(next), addresses: addressesAfter(row, input) };
        const checked = await check(target, openSecrets(sealer, next));
        const before = modelsOf(row);
        const names = input.models ?? namesByHand(before);
        next = {
          ...next,
          base_url: checked.baseUrl,
          ...outcomeOf(kindOf(row), checked, before, names),
        };
      }
      await store.write([store.db.updateTable('providers').set(next).where('id', '=', id)]);
      announce();
      return shown(next);
    },
    async remove(id) {
      await rowOf(id);
      await store.write([
        store.db.deleteFrom('providers').where('id', '=', id),
        // Another endpoint may take the id, and must not inherit its prices.
        store.db.deleteFrom('prices').where('model', 'like', `${id}/%`),
      ]);
      announce();
      await runner.stop(id);
    },
    async test(target) {
      if ('id' in target) return recheck(await rowOf(target.id));
      const input = checkedInput(providerInputSchema.parse(target.input));
      const id = input.id ?? 'new';
      if (input.llamaServer) {
        const trial = `${id} (a test)`;
        try {
          return await checkLlamaServer(trial, input.llamaServer);
        } finally {
          await runner.stop(trial);
        }
      }
      const region = input.region ?? null;
      const addresses = addressesOf(input.kind, input.baseUrl, region);
      return asTest(await check({ id, kind: input.kind, addresses, region }, openedFrom(input)));
    },
    async providers() {
      const stored = await rows.get();
      for (const row of stored) recheckLater(row);
      return stored.map(providerOf);
    },
    onChange: (listener) => changed.on(() => listener()),
    async close() {
      await runner.close();
      if (!options.http) await http.close();
    },
  };
}

const isGiven = (value: unknown) => value !== undefined;

/** @throws AtelierError invalid_request when a kind lacks what it cannot do without */
function checkedInput(input: ProviderInput): ProviderInput {
  const isLlamaServer = input.kind === 'llama-server';
  if (isLlamaServer === (input.llamaServer !== undefined && input.llamaServer !== null)) return input;
  throw new AtelierError(
    'invalid_request',
    isLlamaServer
      ? 'Enter the program and the model of the llama-server.'
      : `A program to start belongs to the kind llama-server and not to ${input.kind}.`,
    { data: { kind: input.kind } },
  );
}
