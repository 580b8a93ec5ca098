// Promotion: an alias asks another model, of all conversations or of a share, once the gate has opened; and back.
// The row is written before the alias is switched, so that whatever a kill leaves can be rolled back.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { type Promotion, type PromotionInput, promotionInputSchema } from '../../contracts/tuned-model.ts';
import { newId } from '../../lib/ids.ts';
import type { AliasRow, ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import type { Datasets } from '../datasets/datasets.ts';
import { judgeGate } from '../evaluation/gate.ts';
import { mayServe } from './create-tuned-models.ts';
import { createGateEvidence } from './gate-evidence.ts';
import { createPromotionRows, type StoredPromotion, withoutBefore } from './promotion-rows.ts';
import type { Promotions } from './tuned-models.ts';

export interface CreatePromotionsOptions {
  store: Store;
  registry: ModelRegistry;
  /** What was learned and what was asked, to tell them apart. */
  datasets: Pick<Datasets, 'read'>;
  now?: () => number;
}

const DEFAULT = 'default';

export function createPromotions({
  store,
  registry,
  datasets,
  now = Date.now,
}: CreatePromotionsOptions): Promotions {
  const rows = createPromotionRows(store);
  const evidenceFor = createGateEvidence(store, datasets);

  /** One at a time: each reads how the alias stands and then changes it. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  }

  /** What an alias stands for; null: nothing. */
  async function standsFor(alias: string, row: AliasRow | null): Promise<string | null> {
    if (row !== null) return row.model;
    if (alias !== DEFAULT) return null;
    try {
      return (await registry.resolve(alias)).info.id;
    } catch (thrown) {
      if (isAtelierError(thrown) && /^model_/.test(thrown.code)) return null;
      throw thrown;
    }
  }

  async function looked(who: Identity, given: PromotionInput) {
    const input = promotionInputSchema.parse(given);
    const before = await registry.aliasRow(input.alias);
    const from = await standsFor(input.alias, before);
    const to = (await registry.resolve(input.model)).info.id;
    const { evaluationId } = input;
    const verdict = judgeGate(await evidenceFor(who, input.gate, { evaluationId, from, to }));
    return { input, before, from, to, verdict };
  }

  /** Lets the alias ask: of all conversations the new model, of a share beside the one that stood there. */
  async function point(alias: string, from: string | null, to: string, share: number): Promise<void> {
    if (share === 1) {
      await registry.setAlias(alias, to);
      return registry.setCanary(alias, null);
    }
    if (from === null)
      throw new AtelierError(
        'invalid_request',
        `The alias ${alias} named nothing before, so there is no model beside which ${to} could answer a share. Promote it whole.`,
        { data: { alias, share } },
      );
    await registry.setAlias(alias, from);
    await registry.setCanary(alias, { model: to, share });
  }

  /** Whether the alias asks what a promotion made it ask. */
  const stands = ({ from, to, share }: Promotion, row: AliasRow | null): boolean =>
    row !== null &&
    (share === 1 ? row.model === to && row.canary === null : row.model === from && row.canary?.model === to);

  /** Whether it is where a promotion, or a new share of it, may have been stopped by a kill: some of its steps are done. */
  const isOnTheWay = ({ from, to, before }: StoredPromotion, row: AliasRow | null): boolean =>
    row !== null &&
    (row.model === to || row.model === from) &&
    [undefined, to, before?.canary?.model].includes(row.canary?.model);

  const sameRow = (one: AliasRow | null, other: AliasRow | null): boolean =>
    one === null || other === null
      ? one === other
      : one.model === other.model && JSON.stringify(one.canary) === JSON.stringify(other.canary);

  async function inForce(id: string): Promise<{ promotion: StoredPromotion; row: AliasRow | null }> {
    const promotion = await rows.get(id);
    if (promotion.state !== 'active')
      throw new AtelierError(
        'conflict',
        `The promotion of ${promotion.to} for ${promotion.alias} is no longer in force: it is ${promotion.state.replace('_', ' ')}.`,
        { data: { id, state: promotion.state } },
      );
    return { promotion, row: await registry.aliasRow(promotion.alias) };
  }

  const setAnew = ({ id, alias, to }: Promotion, row: AliasRow | null) =>
    new AtelierError(
      'conflict',
      `Somebody has set ${alias} anew since ${to} was promoted: it ${row === null ? 'is gone' : `names ${row.model}`}. Set it by hand.`,
      { data: { id, alias, model: row?.model ?? null } },
    );

  /** As it stood, with settings that somebody has given it since. */
  function restored({ before, from }: StoredPromotion, row: AliasRow | null): AliasRow | null {
    const settings = row?.settings ?? {};
    if (before !== null) return { ...before, settings };
    return from === null || Object.keys(settings).length === 0
      ? null
      : { model: from, settings, canary: null };
  }

  async function promote(who: Identity, given: PromotionInput): Promise<Promotion> {
    const { input, before, from, to, verdict } = await looked(who, given);
    const { alias, share } = input;
    if (!verdict.passed)
      throw new AtelierError(
        'forbidden',
        `The gate does not open for ${to}: ${verdict.checks
          .filter(({ passed }) => !passed)
          .map(({ name, reason }) => (reason === null ? name : `${name} (${reason.replaceAll('_', ' ')})`))
          .join(', ')}.`,
        { data: { alias, model: to, verdict } },
      );
    const at = now();
    const earlier = await rows.active(alias);
    const promotion: StoredPromotion = {
      id: newId('promotion', at),
      alias,
      from,
      to,
      share,
      evaluationId: input.evaluationId,
      gate: input.gate,
      verdict,
      state: 'active',
      userId: who.userId,
      createdAt: at,
      endedAt: null,
      before,
    };
    await store.write([
      ...(earlier === null ? [] : [rows.setState(earlier.id, 'replaced', at)]),
      rows.insert(promotion),
    ]);
    try {
      await point(alias, from, to, share);
    } catch (thrown) {
      // Nothing half done: the alias as it stood, and no row that says otherwise.
      await registry.putAlias(alias, before).catch(() => undefined);
      await store.write([
        rows.remove(promotion.id),
        ...(earlier === null ? [] : [rows.setState(earlier.id, 'active', null)]),
      ]);
      throw thrown;
    }
    return withoutBefore(promotion);
  }

  async function setShare(id: string, share: number): Promise<Promotion> {
    const { promotion, row } = await inForce(id);
    if (!stands(promotion, row)) throw setAnew(promotion, row);
    await point(promotion.alias, promotion.from, promotion.to, share);
    await store.write([rows.setShare(id, share)]);
    return withoutBefore(await rows.get(id));
  }

  async function rollBack(id: string): Promise<Promotion> {
    const { promotion, row } = await inForce(id);
    const { alias, before, createdAt } = promotion;
    // A kill may have left the row without the switch, or the switch back without the row.
    if (!sameRow(row, before)) {
      if (!isOnTheWay(promotion, row)) throw setAnew(promotion, row);
      await registry.putAlias(alias, restored(promotion, row));
    }
    const earlier = await rows.replacedAt(alias, createdAt);
    const back = earlier !== null && stands(earlier, await registry.aliasRow(alias));
    await store.write([
      rows.setState(id, 'rolled_back', now()),
      ...(back ? [rows.setState(earlier.id, 'active', null)] : []),
    ]);
    return withoutBefore(await rows.get(id));
  }

  return {
    async check(who, input) {
      mayServe(who);
      return (await looked(who, input)).verdict;
    },
    async promote(who, input) {
      mayServe(who);
      return inTurn(() => promote(who, input));
    },
    async setShare(who, id, share) {
      mayServe(who);
      return inTurn(() => setShare(id, share));
    },
    async rollBack(who, id) {
      mayServe(who);
      return inTurn(() => rollBack(id));
    },
    async list(who, query = {}) {
      mayServe(who);
      return rows.list(query);
    },
  };
}
