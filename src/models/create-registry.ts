// Which models can answer now, and what an id or an alias stands for. Aliases and prices are rows; models come from the
// providers, asked anew each time, so that an installed model or a new endpoint answers at the next request.

import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import { isServed, type ModelInfo } from '../contracts/model.ts';
import { type Price, priceSchema } from '../contracts/money.ts';
import { canarySchema, type RouteSettings, routeSettingsSchema } from '../contracts/routing.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createMemo } from '../lib/memo.ts';
import type { Store } from '../store/store.ts';
import { placeOf } from './canary.ts';
import { cheapestPassing, type ScoreOf } from './cheapest-passing.ts';
import type { ModelPlan, ResolvedModel } from './model-call.ts';
import { createRefusals, type RefusalPorts, splitId } from './model-refusals.ts';
import type { AliasRow, ModelProvider, ModelRegistry } from './registry.ts';

export interface RegistryOptions extends RefusalPorts {
  store: Store;
  /** In the order in which they are listed: local, then remote. */
  providers: () => Promise<ModelProvider[]> | ModelProvider[];
  /** How good an installed chat model is as the default; higher is better, null: not ranked. */
  rank?: (model: ModelInfo) => number | null;
  /** A model's figure of an app's bench, for the cost policy of an alias; null: not measured. */
  scoreOf?: ScoreOf;
  /** Each is told to call back when models come or go. */
  changes?: readonly ((listener: () => void) => () => void)[];
  onListenerError?: (error: unknown) => void;
}

/** How long rows are kept in memory: a change by another node is seen after this. */
const ROWS_MS = 2000;
const DEFAULT = 'default';
/** Another name of `default`, for programs that send it. */
const AUTO = 'auto';

function readRow({ model, settings }: { model: string; settings: string }): AliasRow {
  const { canary = null, ...own } = JSON.parse(settings) as Record<string, unknown>;
  return { model, settings: own, canary: canarySchema.nullable().parse(canary) };
}

export function createRegistry(options: RegistryOptions): ModelRegistry {
  const { store, rank = () => null } = options;
  const changed = createEmitter<void>(
    options.onListenerError ?? ((error) => process.emitWarning(String(error))),
  );
  for (const source of options.changes ?? []) source(() => announce());

  const aliasRows = createMemo(async () => {
    const rows = await store.db
      .selectFrom('aliases')
      .select(['alias', 'model', 'settings'])
      .orderBy('alias')
      .execute();
    const stored = new Map(rows.map((row) => [row.alias, readRow(row)]));
    // An alias that nobody gave settings is a name and nothing else.
    const settings = new Map(
      [...stored].flatMap(([alias, row]) =>
        Object.keys(row.settings).length === 0 ? [] : [[alias, routeSettingsSchema.parse(row.settings)]],
      ),
    );
    return { models: Object.fromEntries(rows.map((row) => [row.alias, row.model])), settings, stored };
  }, ROWS_MS);
  const priceRows = createMemo(async (): Promise<Map<string, Price>> => {
    const rows = await store.db.selectFrom('prices').select(['model', 'price']).execute();
    return new Map(rows.map((row) => [row.model, priceSchema.parse(JSON.parse(row.price))]));
  }, ROWS_MS);
  const aliases = async (): Promise<Record<string, string>> => ({ ...(await aliasRows.get()).models });

  function announce(): void {
    aliasRows.forget();
    priceRows.forget();
    changed.emit();
  }

  async function priced(infos: readonly ModelInfo[]): Promise<ModelInfo[]> {
    const prices = await priceRows.get();
    return infos.map((info) => ({ ...info, price: prices.get(info.id) ?? info.price }));
  }

  async function everything(): Promise<ModelInfo[]> {
    const lists = await Promise.all((await options.providers()).map((provider) => provider.list()));
    const all = lists.flat();
    return [
      ...all.filter((m) => m.place.kind !== 'scripted'),
      ...all.filter((m) => m.place.kind === 'scripted'),
    ];
  }

  /** What no training made here, then by rank, then the larger, then the newer. */
  function better(a: ModelInfo, b: ModelInfo): number {
    const ranks = (rank(b) ?? -1) - (rank(a) ?? -1);
    return (
      Number(a.tuned ?? false) - Number(b.tuned ?? false) ||
      ranks ||
      (b.parameters ?? b.sizeBytes ?? 0) - (a.parameters ?? a.sizeBytes ?? 0) ||
      b.createdAt - a.createdAt
    );
  }

  function chosenDefault(models: readonly ModelInfo[], explicit: string | undefined): string | null {
    if (explicit) return explicit;
    const chat = models.filter(
      (model) => model.kind === 'chat' && model.state !== 'failed' && !isServed(model),
    );
    const local = chat.filter((model) => model.place.kind === 'local').sort(better)[0];
    const remote = chat.find((model) => model.place.kind === 'remote' && model.state !== 'unreachable');
    return (local ?? remote)?.id ?? null;
  }

  const refusals = createRefusals(options, async () => [
    ...Object.keys(await aliases()),
    ...(await everything()).map((model) => model.id),
  ]);

  async function resolveId(id: string): Promise<ResolvedModel | null> {
    const [prefix, name] = splitId(id);
    if (!name) return null;
    const provider = (await options.providers()).find((one) => one.id === prefix);
    const found = (await provider?.resolve(name)) ?? null;
    if (!found) return null;
    const [info = found.info] = await priced([found.info]);
    return { ...found, info };
  }

  /** Null where the alias has none, or its model is gone: then what the alias names answers as ever. */
  async function canaryOf(alias: string, conversation: () => string): Promise<ResolvedModel | null> {
    const canary = (await aliasRows.get()).stored.get(alias)?.canary ?? null;
    if (canary === null || placeOf(alias, canary.model, conversation()) >= canary.share) return null;
    return resolveId(canary.model);
  }

  async function writeAlias(alias: string, { model, settings, canary }: AliasRow): Promise<void> {
    const stored = canary === null ? settings : { ...settings, canary };
    const values = { model, settings: JSON.stringify(stored), updated_at: Date.now() };
    await store.write([
      store.db
        .insertInto('aliases')
        .values({ alias, ...values })
        .onConflict((conflict) => conflict.column('alias').doUpdateSet(values)),
    ]);
    announce();
  }

  /** Past the memory: what is changed must be what stands there now. */
  async function rowNow(alias: string): Promise<AliasRow | null> {
    const row = await store.db
      .selectFrom('aliases')
      .select(['model', 'settings'])
      .where('alias', '=', alias)
      .executeTakeFirst();
    return row === undefined ? null : readRow(row);
  }

  async function planOf(asked: string): Promise<ModelPlan> {
    const { settings: all } = await aliasRows.get();
    const settings = all.get(asked === AUTO ? DEFAULT : asked) ?? null;
    if (settings === null || settings.fallbacks.length === 0)
      return {
        asked,
        candidates: [await registry.resolve(asked)],
        settings,
        reason: null,
        reference: null,
      };
    const failed: string[] = [];
    const found: ResolvedModel[] = [];
    let failure: unknown;
    for (const id of [asked, ...settings.fallbacks]) {
      try {
        const resolved = await registry.resolve(id);
        if (!found.some(({ info }) => info.id === resolved.info.id)) found.push(resolved);
      } catch (error) {
        failure ??= error;
        failed.push(`${id}: ${toAtelierError(error).message}`);
      }
    }
    const [first, ...others] = found;
    if (first === undefined) throw failure;
    const missing = failed.length === 0 ? null : failed.join(' ');
    const plan = { asked, settings, reason: missing, reference: null };
    if (settings.policy === null || options.scoreOf === undefined)
      return { ...plan, candidates: [first, ...others] };
    return { ...plan, ...(await cheapestPassing([first, ...others], settings.policy, options.scoreOf)) };
  }

  const registry: ModelRegistry = {
    aliases,
    async list() {
      const [models, stored] = await Promise.all([everything().then(priced), aliases()]);
      const first = chosenDefault(models, stored[DEFAULT]);
      // An app answers through another model, the default unless it says so.
      const answering = models.filter(
        (model) => model.state !== 'unreachable' && (first !== null || !isServed(model)),
      );
      return [...answering.filter((m) => m.id === first), ...answering.filter((m) => m.id !== first)];
    },
    async plan(asked, conversation): Promise<ModelPlan> {
      const plan = await planOf(asked);
      if (conversation === undefined) return plan;
      const canary = await canaryOf(asked === AUTO ? DEFAULT : asked, conversation);
      if (canary === null || canary.info.id === plan.candidates[0].info.id) return plan;
      const { id } = canary.info;
      const others = plan.candidates.filter(({ info }) => info.id !== id);
      return {
        ...plan,
        // What the alias names goes on answering where the canary fails.
        candidates: [canary, ...others],
        settings: plan.settings ?? routeSettingsSchema.parse({ retries: 0 }),
        canary: id,
        reference: null,
        reason: `${id} is tried on a share of the conversations of ${asked}.${plan.reason === null ? '' : ` ${plan.reason}`}`,
      };
    },
    async routes() {
      const { models, settings, stored } = await aliasRows.get();
      return Object.entries(models).map(([alias, model]) => {
        const canary = stored.get(alias)?.canary ?? null;
        return {
          ...(settings.get(alias) ?? routeSettingsSchema.parse({ retries: 0 })),
          ...(canary === null ? {} : { canary }),
          alias,
          model,
        };
      });
    },
    async resolve(asked) {
      const stored = await aliases();
      const alias = asked === AUTO ? DEFAULT : asked;
      // An own field: an id may be the name of what every object has.
      let id = (Object.hasOwn(stored, alias) ? stored[alias] : undefined) ?? asked;
      if (alias === DEFAULT && !stored[DEFAULT]) {
        const chosen = chosenDefault(await everything(), undefined);
        if (!chosen) throw await refusals.noDefault(asked);
        id = chosen;
      }
      const found = await resolveId(id);
      if (!found) throw await refusals.missing(asked, id === asked ? null : id);
      return found;
    },
    async setAlias(alias: string, model: string, settings?: RouteSettings) {
      if (!/^[\w.:-]{1,64}$/.test(alias) || alias === AUTO) {
        throw new AtelierError(
          'invalid_request',
          `${alias} cannot be an alias: use letters, digits, dots, dashes, and not “${AUTO}”.`,
          {
            data: { alias },
          },
        );
      }
      const found = await resolveId(model);
      if (!found) throw await refusals.missing(model, null);
      if (alias === DEFAULT && isServed(found.info)) {
        throw new AtelierError(
          'invalid_request',
          `${model} cannot be the default: it is answered by other models, and by the default among them. Choose a model.`,
          { data: { alias, model } },
        );
      }
      for (const id of settings?.fallbacks ?? [])
        if (!(await resolveId((await aliases())[id] ?? id))) throw await refusals.missing(id, null);
      const before = await rowNow(alias);
      if (settings === undefined)
        return writeAlias(alias, { ...(before ?? { settings: {}, canary: null }), model });
      const { canary = before?.canary ?? null, ...own } = routeSettingsSchema.parse(settings);
      await writeAlias(alias, { model, settings: own, canary });
    },
    aliasRow: rowNow,
    async setCanary(alias, canary) {
      const before = await rowNow(alias);
      if (before === null)
        throw new AtelierError('not_found', `There is no alias ${alias}.`, { data: { alias } });
      if (canary && !(await resolveId(canary.model))) throw await refusals.missing(canary.model, null);
      await writeAlias(alias, { ...before, canary: canary ?? null });
    },
    async putAlias(alias, row) {
      if (row === null) return registry.removeAlias(alias);
      if (!(await resolveId(row.model))) throw await refusals.missing(row.model, null);
      await writeAlias(alias, row);
    },
    async removeAlias(alias) {
      const [result] = await store.write([store.db.deleteFrom('aliases').where('alias', '=', alias)]);
      if (result?.affected === 0)
        throw new AtelierError('not_found', `There is no alias ${alias}.`, { data: { alias } });
      announce();
    },
    async setPrice(model: string, price: Price) {
      if (!(await resolveId(model))) throw await refusals.missing(model, null);
      const row = { model, price: JSON.stringify(priceSchema.parse(price)), updated_at: Date.now() };
      await store.write([
        store.db
          .insertInto('prices')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('model').doUpdateSet({ price: row.price, updated_at: row.updated_at }),
          ),
      ]);
      announce();
    },
    onChange: (listener) => changed.on(() => listener()),
  };
  return registry;
}
