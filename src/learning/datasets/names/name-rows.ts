// What the store knows of names in a dataset's examples. An example says which model has looked at its text, so that a
// search goes on where it was stopped, and what came later or was reworded is known not to have been looked at.
import { sql } from 'kysely';
import type { ExampleSource, Finding } from '../../../contracts/dataset.ts';
import type { Store } from '../../../store/store.ts';
import type { ExampleRow } from '../dataset-rows.ts';

/** As it stands in the JSON of a source; within a text the quotation marks would be escaped. */
const markOf = (model: string) => `%"namesReadBy":${JSON.stringify(model)}%`.replace(/[\\_]/g, '\\$&');

export function createNameRows({ store, now }: { store: Store; now: () => number }) {
  const { db } = store;
  const readBy = (model: string) => sql<boolean>`source like ${markOf(model)} escape '\\'`;
  return {
    /** Of how many the model has read the text, and how long the texts are that it has not. */
    async counts(
      datasetId: string,
      model: string,
    ): Promise<{ total: number; read: number; unreadLength: number }> {
      const row = await db
        .selectFrom('examples')
        .select((eb) => [
          eb.fn.countAll().as('total'),
          eb.fn.sum(eb.case().when(readBy(model)).then(1).else(0).end()).as('read'),
          eb.fn.sum(eb.case().when(readBy(model)).then(0).else(sql<number>`length(body)`).end()).as('length'),
        ])
        .where('dataset_id', '=', datasetId)
        .executeTakeFirst();
      return {
        total: Number(row?.total ?? 0),
        read: Number(row?.read ?? 0),
        unreadLength: Number(row?.length ?? 0),
      };
    },
    /** One at a time: a model takes seconds for it, and of more the last would be written over what became of it meanwhile. */
    nextUnread: (datasetId: string, model: string, after: string): Promise<ExampleRow | undefined> =>
      db
        .selectFrom('examples')
        .selectAll()
        .where('dataset_id', '=', datasetId)
        .where('id', '>', after)
        .where(sql<boolean>`not (${readBy(model)})`)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst(),
    /** Nothing where somebody has changed the text meanwhile: it counts as not looked at. */
    async put(row: ExampleRow, model: string, findings: readonly Finding[]): Promise<void> {
      const source: ExampleSource = { ...(JSON.parse(row.source) as ExampleSource), namesReadBy: model };
      await store.write([
        db
          .updateTable('examples')
          .set({
            findings: JSON.stringify(findings),
            finding_count: findings.length,
            source: JSON.stringify(source),
            updated_at: now(),
          })
          .where('id', '=', row.id)
          .where('hash', '=', row.hash),
      ]);
    },
  };
}
