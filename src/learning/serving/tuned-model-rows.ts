// The table of tuned models.
import type { Compilable, Selectable } from 'kysely';
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import { type TunedFile, type TunedModel, tunedFileSchema } from '../../contracts/tuned-model.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

const learnedSchema = z.object({ dataset: z.object({ id: z.string(), version: z.number() }) });

function toModel(row: Selectable<Database['tuned_models']> & { forgotten: unknown }): TunedModel {
  return {
    id: row.id,
    name: row.name,
    model: row.model,
    base: row.base,
    runId: row.run_id,
    files: tunedFileSchema.array().parse(JSON.parse(row.files)),
    ...(Number(row.forgotten ?? 0) > 0 && { forgottenPeople: Number(row.forgotten) }),
    userId: row.user_id,
    createdAt: row.created_at,
  };
}

/** Every id under which it can be asked. */
export const idsOf = ({ model, files }: TunedModel): string[] => [
  ...new Set([model, ...files.flatMap((file) => (file.model === null ? [] : [file.model]))]),
];

export function createTunedModelRows({ db }: Pick<Store, 'db'>) {
  const all = () =>
    db
      .selectFrom('tuned_models')
      .selectAll('tuned_models')
      .select(({ selectFrom }) =>
        selectFrom('training_events')
          .whereRef('training_events.run_id', '=', 'tuned_models.run_id')
          .where('training_events.type', '=', 'forgotten')
          .select(({ fn }) => fn.countAll().as('count'))
          .as('forgotten'),
      );
  return {
    async list(): Promise<TunedModel[]> {
      const rows = await all().orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
      return rows.map(toModel);
    },
    /** @throws AtelierError not_found */
    async get(id: string): Promise<TunedModel> {
      const row = await all().where('id', '=', id).executeTakeFirst();
      if (row !== undefined) return toModel(row);
      throw new AtelierError('not_found', `There is no tuned model ${id}.`, { data: { id } });
    },
    insert: (model: TunedModel): Compilable =>
      db.insertInto('tuned_models').values({
        id: model.id,
        user_id: model.userId,
        name: model.name,
        model: model.model,
        base: model.base,
        run_id: model.runId,
        files: JSON.stringify(model.files),
        created_at: model.createdAt,
      }),
    setFiles: (id: string, files: readonly TunedFile[]): Compilable =>
      db
        .updateTable('tuned_models')
        .set({ files: JSON.stringify(files) })
        .where('id', '=', id),
    /** With what was kept, unseen, of the run that made it. */
    remove: (id: string): Compilable[] => [
      db
        .deleteFrom('training_runs')
        .where('status', '=', 'removed')
        .where('id', 'in', ({ selectFrom }) =>
          selectFrom('tuned_models').select('run_id').where('id', '=', id),
        ),
      db.deleteFrom('tuned_models').where('id', '=', id),
    ],
    /** The dataset, and its version, that a run has learned from; null: the run is gone. */
    async datasetOf(runId: string): Promise<{ id: string; version: number } | null> {
      const row = await db
        .selectFrom('training_runs')
        .select('input')
        .where('id', '=', runId)
        .executeTakeFirst();
      const learned = row === undefined ? null : learnedSchema.safeParse(JSON.parse(row.input));
      return learned?.data?.dataset ?? null;
    },
  };
}
export type TunedModelRows = ReturnType<typeof createTunedModelRows>;
