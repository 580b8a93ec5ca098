// The table of promotions: what an alias was switched to, by whom, on which evidence, and how it stood before.
import type { Compilable, Selectable } from 'kysely';
import { AtelierError } from '../../contracts/errors.ts';
import { gateSchema, gateVerdictSchema } from '../../contracts/evaluation.ts';
import type { Promotion } from '../../contracts/tuned-model.ts';
import type { AliasRow } from '../../models/registry.ts';
import { pageOf, readCursor } from '../../store/cursor-page.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { PromotionQuery } from './tuned-models.ts';

/** With the alias as it stood; null: nobody had set it. */
export interface StoredPromotion extends Promotion {
  before: AliasRow | null;
}

function toPromotion(row: Selectable<Database['promotions']>): StoredPromotion {
  return {
    id: row.id,
    alias: row.alias,
    from: row.from_model,
    to: row.to_model,
    share: row.share,
    evaluationId: row.evaluation_id,
    gate: gateSchema.parse(JSON.parse(row.gate)),
    verdict: gateVerdictSchema.parse(JSON.parse(row.verdict)),
    state: row.state as Promotion['state'],
    userId: row.user_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    before: row.alias_before === null ? null : (JSON.parse(row.alias_before) as AliasRow),
  };
}

export const withoutBefore = ({ before: _before, ...promotion }: StoredPromotion): Promotion => promotion;

export function createPromotionRows({ db }: Pick<Store, 'db'>) {
  const all = () => db.selectFrom('promotions').selectAll();
  return {
    /** @throws AtelierError invalid_request (a cursor of another list) */
    async list({
      alias,
      state,
      models,
      ...query
    }: PromotionQuery): Promise<{ promotions: Promotion[]; nextCursor: string | null }> {
      const { after, take } = readCursor(query);
      let select = all().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(take);
      if (alias !== undefined) select = select.where('alias', '=', alias);
      if (state !== undefined) select = select.where('state', '=', state);
      if (models !== undefined) select = select.where('to_model', 'in', models);
      if (after !== null)
        select = select.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '<', tuple(after.at, after.id)),
        );
      const page = pageOf(await select.execute(), take, ({ created_at, id }) => ({ at: created_at, id }));
      return {
        promotions: page.rows.map(toPromotion).map(withoutBefore),
        nextCursor: page.nextCursor,
      };
    },
    /** @throws AtelierError not_found */
    async get(id: string): Promise<StoredPromotion> {
      const row = await all().where('id', '=', id).executeTakeFirst();
      if (row !== undefined) return toPromotion(row);
      throw new AtelierError('not_found', `There is no promotion ${id}.`, { data: { id } });
    },
    async active(alias: string): Promise<StoredPromotion | null> {
      const row = await all()
        .where('alias', '=', alias)
        .where('state', '=', 'active')
        .orderBy('created_at', 'desc')
        .executeTakeFirst();
      return row === undefined ? null : toPromotion(row);
    },
    /** The one whose place another took at that moment. */
    async replacedAt(alias: string, at: number): Promise<StoredPromotion | null> {
      const row = await all()
        .where('alias', '=', alias)
        .where('state', '=', 'replaced')
        .where('ended_at', '=', at)
        .executeTakeFirst();
      return row === undefined ? null : toPromotion(row);
    },
    insert: (promotion: StoredPromotion): Compilable =>
      db.insertInto('promotions').values({
        id: promotion.id,
        user_id: promotion.userId,
        alias: promotion.alias,
        from_model: promotion.from,
        to_model: promotion.to,
        share: promotion.share,
        alias_before: promotion.before === null ? null : JSON.stringify(promotion.before),
        evaluation_id: promotion.evaluationId,
        gate: JSON.stringify(promotion.gate),
        verdict: JSON.stringify(promotion.verdict),
        state: promotion.state,
        created_at: promotion.createdAt,
        ended_at: promotion.endedAt,
      }),
    setState: (id: string, state: Promotion['state'], endedAt: number | null): Compilable =>
      db.updateTable('promotions').set({ state, ended_at: endedAt }).where('id', '=', id),
    setShare: (id: string, share: number): Compilable =>
      db.updateTable('promotions').set({ share }).where('id', '=', id),
    remove: (id: string): Compilable => db.deleteFrom('promotions').where('id', '=', id),
  };
}
