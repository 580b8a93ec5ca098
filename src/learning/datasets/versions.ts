// Versions: what is approved, written once as JSON lines in the order of the hashes. The hash of these lines is the
// version's identity, so that freezing the same content again gives the same version.
import type { DatasetVersion, ExampleBody, Split } from '../../contracts/dataset.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';
import { type DatasetRow, noSplits, toVersion } from './dataset-rows.ts';
import type { FrozenExample } from './datasets.ts';
import { isHeldBy, judgesOf } from './evaluation-twins.ts';

const ROWS_AT_ONCE = 500;
/** How often a version is numbered anew when somebody else was quicker. */
const NUMBER_TRIES = 5;

interface Line {
  hash: string;
  split: Split;
  body: ExampleBody;
}

export const frozenId = (hash: string): string => `example_${hash.slice(0, 26)}`;

export function createVersions({
  store,
  blobs,
  now,
}: {
  store: Store;
  blobs: BlobKeeper;
  now: () => number;
}) {
  const { db } = store;

  const ofDataset = (id: string) => db.selectFrom('examples').where('dataset_id', '=', id);

  /** What a version would hold now, in the order of the hashes. */
  async function* approved(dataset: DatasetRow): AsyncGenerator<Line & { personId: string | null }> {
    const judges = [...(await judgesOf(store, dataset)).keys()];
    for (let after = ''; ; ) {
      let query = ofDataset(dataset.id)
        .select(['hash', 'split', 'body', 'person_id'])
        .where('status', '=', 'approved')
        .where('consent', '=', 1)
        .where('hash', '>', after);
      if (judges.length > 0) query = query.where((eb) => eb.not(isHeldBy(judges)(eb)));
      const rows = await query.orderBy('hash').limit(ROWS_AT_ONCE).execute();
      for (const { hash, split, body, person_id } of rows)
        yield {
          hash,
          split: split as Split,
          body: JSON.parse(body) as ExampleBody,
          personId: person_id,
        };
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) return;
      after = last.hash;
    }
  }

  async function stockOf(dataset: DatasetRow) {
    const count = (query: ReturnType<typeof ofDataset>) =>
      query
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirst()
        .then((row) => Number(row?.count ?? 0));
    const good = ofDataset(dataset.id).where('status', '=', 'approved');
    const judges = [...(await judgesOf(store, dataset)).keys()];
    const [pending, withoutConsent, agreed, duplicates] = await Promise.all([
      count(ofDataset(dataset.id).where('status', '=', 'pending')),
      count(good.where('consent', '=', 0)),
      count(good.where('consent', '=', 1)),
      judges.length > 0 ? count(good.where('consent', '=', 1).where(isHeldBy(judges))) : 0,
    ]);
    return { pending, duplicates, withoutConsent, ready: agreed - duplicates };
  }

  async function freeze(who: Identity, dataset: DatasetRow, note: string): Promise<DatasetVersion> {
    const sums = noSplits();
    let examples = 0;
    const people = new Set<string>();
    async function* lines(): AsyncGenerator<Uint8Array> {
      for await (const { personId, ...line } of approved(dataset)) {
        examples++;
        sums[line.split]++;
        if (personId !== null) people.add(personId);
        yield Buffer.from(`${JSON.stringify(line)}\n`);
      }
    }
    const { ready, ...out } = await stockOf(dataset);
    if (ready === 0)
      throw new AtelierError(
        'invalid_request',
        `${dataset.name} has no example that can be frozen: ${out.pending} wait for review, ${out.duplicates} stand in an evaluation set, ${out.withoutConsent} have no consent. Approve some first.`,
        { data: { id: dataset.id, leftOut: out } },
      );
    return blobs.keep(lines(), async ({ sha256 }) => {
      const same = await db
        .selectFrom('dataset_versions')
        .selectAll()
        .where('dataset_id', '=', dataset.id)
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      if (same !== undefined) {
        // The same words may have come from somebody else since: whoever is forgotten is found in the version.
        const all = [...new Set([...(JSON.parse(same.people) as string[]), ...people])].sort();
        await store.write([
          db
            .updateTable('dataset_versions')
            .set({ people: JSON.stringify(all) })
            .where('dataset_id', '=', dataset.id)
            .where('version', '=', same.version),
        ]);
        return toVersion(same);
      }
      for (let attempt = 1; ; attempt++) {
        const newest = await db
          .selectFrom('dataset_versions')
          .select((eb) => eb.fn.max('version').as('version'))
          .where('dataset_id', '=', dataset.id)
          .executeTakeFirst();
        const row = {
          dataset_id: dataset.id,
          version: Number(newest?.version ?? 0) + 1,
          sha256,
          examples,
          splits: JSON.stringify(sums),
          left_out: JSON.stringify(out),
          people: JSON.stringify([...people].sort()),
          note,
          user_id: who.userId,
          created_at: now(),
        };
        try {
          await store.write([
            db.insertInto('dataset_versions').values(row),
            db.updateTable('datasets').set({ updated_at: now() }).where('id', '=', dataset.id),
          ]);
          return toVersion(row);
        } catch (thrown) {
          if (!isAtelierError(thrown) || thrown.code !== 'conflict' || attempt === NUMBER_TRIES) throw thrown;
        }
      }
    });
  }

  async function find(dataset: DatasetRow, version: number | undefined): Promise<DatasetVersion> {
    const all = db.selectFrom('dataset_versions').selectAll().where('dataset_id', '=', dataset.id);
    const wanted =
      version === undefined ? all.orderBy('version', 'desc') : all.where('version', '=', version);
    const row = await wanted.limit(1).executeTakeFirst();
    if (row !== undefined) return toVersion(row);
    const numbers = (
      await db
        .selectFrom('dataset_versions')
        .select('version')
        .where('dataset_id', '=', dataset.id)
        .orderBy('version')
        .execute()
    ).map((one) => one.version);
    throw new AtelierError(
      'not_found',
      numbers.length === 0
        ? `${dataset.name} has no version yet. Freeze what is approved first.`
        : `${dataset.name} has no version ${version}; it has ${numbers.join(', ')}.`,
      { data: { id: dataset.id, version: version ?? null, versions: numbers } },
    );
  }

  async function* lines(version: DatasetVersion): AsyncGenerator<Line> {
    const bytes = await store.blobs.get(version.sha256);
    if (bytes === null)
      throw new AtelierError(
        'storage_failed',
        `The examples of version ${version.version} are gone from the data folder. Freeze the dataset again.`,
        { data: { id: version.datasetId, version: version.version, sha256: version.sha256 } },
      );
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of bytes) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part) as Line;
    }
  }

  return {
    approved,
    freeze,
    find,
    lines,
    async examples(version: DatasetVersion): Promise<FrozenExample[]> {
      const all: FrozenExample[] = [];
      for await (const line of lines(version)) all.push({ id: frozenId(line.hash), ...line });
      return all;
    },
  };
}
