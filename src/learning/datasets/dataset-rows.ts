// Reads datasets from their tables: with their versions and with counts that one grouped statement gives.
import type { Selectable } from 'kysely';
import type {
  Dataset,
  DatasetVersion,
  Example,
  ExampleBody,
  ExampleSource,
  Finding,
  Split,
} from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

export type DatasetRow = Selectable<Database['datasets']>;
export type ExampleRow = Selectable<Database['examples']>;
type VersionRow = Selectable<Database['dataset_versions']>;

/** Names that an error lists. */
const NAMES_TOLD = 20;

export const noSplits = (): Record<Split, number> => ({ train: 0, validation: 0, test: 0 });
export const sharesOf = (row: Pick<DatasetRow, 'shares'>) => JSON.parse(row.shares) as Dataset['shares'];

export const toVersion = (row: VersionRow): DatasetVersion => ({
  datasetId: row.dataset_id,
  version: row.version,
  sha256: row.sha256,
  examples: row.examples,
  splits: JSON.parse(row.splits) as DatasetVersion['splits'],
  leftOut: JSON.parse(row.left_out) as NonNullable<DatasetVersion['leftOut']>,
  note: row.note,
  userId: row.user_id,
  createdAt: row.created_at,
});

export const toExample = (row: ExampleRow, duplicateOf: string | null): Example => ({
  id: row.id,
  datasetId: row.dataset_id,
  body: JSON.parse(row.body) as ExampleBody,
  split: row.split as Split,
  status: row.status as Example['status'],
  consent: row.consent === 1,
  source: JSON.parse(row.source) as ExampleSource,
  findings: JSON.parse(row.findings) as Finding[],
  duplicateOf,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export function createDatasetRows({ db }: Pick<Store, 'db'>) {
  const living = () => db.selectFrom('datasets').selectAll().where('deleted_at', 'is', null);

  async function countsOf(ids: readonly string[]): Promise<Map<string, Dataset['counts']>> {
    const rows = await db
      .selectFrom('examples')
      .select(['dataset_id', 'status', 'split', 'consent'])
      .select((eb) => [
        eb.fn.countAll().as('count'),
        eb.fn.sum(eb.case().when('finding_count', '>', 0).then(1).else(0).end()).as('found'),
      ])
      .where('dataset_id', 'in', ids)
      .groupBy(['dataset_id', 'status', 'split', 'consent'])
      .execute();
    const counts = new Map<string, Dataset['counts']>();
    for (const id of ids)
      counts.set(id, {
        total: 0,
        pending: 0,
        approved: 0,
        rejected: 0,
        withFindings: 0,
        withoutConsent: 0,
        splits: noSplits(),
      });
    for (const row of rows) {
      const of = counts.get(row.dataset_id);
      if (of === undefined) continue;
      const count = Number(row.count);
      of.total += count;
      of[row.status as Example['status']] += count;
      of.withFindings += Number(row.found);
      if (row.consent === 0) of.withoutConsent += count;
      if (row.status === 'approved') of.splits[row.split as Split] += count;
    }
    return counts;
  }

  async function wholes(rows: readonly DatasetRow[]): Promise<Dataset[]> {
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return [];
    const [counts, versions] = await Promise.all([
      countsOf(ids),
      db
        .selectFrom('dataset_versions')
        .selectAll()
        .where('dataset_id', 'in', ids)
        .orderBy('version', 'desc')
        .execute(),
    ]);
    const versionsOf = Map.groupBy(versions, ({ dataset_id }) => dataset_id);
    return rows.flatMap((row) => {
      const of = counts.get(row.id);
      if (of === undefined) return [];
      return [
        {
          id: row.id,
          name: row.name,
          kind: row.kind as Dataset['kind'],
          purpose: row.purpose as Dataset['purpose'],
          description: row.description,
          shares: sharesOf(row),
          counts: of,
          versions: (versionsOf.get(row.id) ?? []).map(toVersion),
          userId: row.user_id,
          createdAt: row.created_at,
          updatedAt: row.updated_at,
        },
      ];
    });
  }

  async function find(id: string): Promise<DatasetRow> {
    const row = await living().where('id', '=', id).executeTakeFirst();
    if (row !== undefined) return row;
    const there = await living().orderBy('updated_at', 'desc').limit(NAMES_TOLD).execute();
    throw new AtelierError(
      'not_found',
      `There is no dataset ${id}. ${there.length > 0 ? `There are: ${there.map((one) => `${one.name} (${one.id})`).join(', ')}.` : 'There are none yet.'}`,
      { data: { id } },
    );
  }

  return {
    find,
    async findHidden(id: string): Promise<DatasetRow> {
      const row = await db
        .selectFrom('datasets')
        .selectAll()
        .where('id', '=', id)
        .where('deleted_at', 'is not', null)
        .executeTakeFirst();
      if (row !== undefined) return row;
      throw new AtelierError('not_found', `There is no deleted dataset ${id}.`, { data: { id } });
    },
    list: async (): Promise<Dataset[]> =>
      wholes(await living().orderBy('updated_at', 'desc').orderBy('id', 'desc').execute()),
    async whole(id: string): Promise<Dataset> {
      const [whole] = await wholes([await find(id)]);
      if (whole !== undefined) return whole;
      throw new AtelierError('internal', `The dataset ${id} could not be read.`, { data: { id } });
    },
    async example(datasetId: string, id: string): Promise<ExampleRow> {
      const row = await db
        .selectFrom('examples')
        .selectAll()
        .where('dataset_id', '=', datasetId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (row !== undefined) return row;
      throw new AtelierError(
        'not_found',
        `There is no example ${id} in this dataset. It may have been removed.`,
        {
          data: { id, datasetId },
        },
      );
    },
  };
}
