// What is to be read, as rows: a crash, a pause or a second program finds the work where it was left.
// Every change names the state that it expects, so that a document that was replaced, removed or cancelled meanwhile
// does not get what was read before.
import type { Compilable } from 'kysely';
import type { Store } from '../../store/store.ts';
import { type DocumentRow, NO_VECTORS_LIKE } from '../documents.ts';
import { pathOrder } from '../path-order.ts';

/** The document as it was when somebody began to read it. */
export type Expected = Pick<DocumentRow, 'id' | 'sha256' | 'status'>;

export interface WorkRows {
  /** The next document that waits, now marked as being read; undefined when none does. */
  claim(collectionId: string): Promise<DocumentRow | undefined>;
  /** The next document, in the order of paths, that was read while there was no embedding model. */
  nextWithoutVectors(collectionId: string, after: string): Promise<DocumentRow | undefined>;
  /** How many wait or are being read; none in a collection that is deleted. */
  waiting(collectionId: string): Promise<number>;
  /** Whether some document could be claimed. */
  anyQueued(collectionId: string): Promise<boolean>;
  /** Collections with documents that wait. */
  collectionsWaiting(): Promise<string[]>;
  collectionsWithoutVectors(): Promise<string[]>;
  withoutVectors(collectionId: string): Promise<number>;
  /** What was being read waits again. */
  putBack(collectionId: string): Promise<void>;
  /** What waits since before that moment is not read. */
  cancelWaiting(collectionId: string, before: number): Promise<void>;
  /** Of these documents of that person, what waits or is being read is not read; the reading of others goes on. */
  cancelDocuments(userId: string, ids: readonly string[]): Promise<void>;
  /**
   * A statement that changes nothing and fails with `conflict` when the document is there in another state. With the
   * foreign key of its passages it keeps a batch from being stored for a document that is gone or changed.
   */
  guard(expected: Expected): Compilable;
}

export function createWorkRows(store: Store, now: () => number): WorkRows {
  const { db } = store;
  const paths = pathOrder(store);
  /** Of collections that are not deleted. */
  const documents = () =>
    db
      .selectFrom('documents')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('collections')
            .select('id')
            .whereRef('collections.id', '=', 'documents.collection_id')
            .where('deleted_at', 'is', null),
        ),
      );
  const queued = (collectionId: string) =>
    documents().where('collection_id', '=', collectionId).where('status', '=', 'queued');
  const lacking = () => documents().where('status', '=', 'ready').where('warnings', 'like', NO_VECTORS_LIKE);
  const change = (collectionId: string, from: readonly string[], to: string) =>
    db
      .updateTable('documents')
      .set({ status: to, updated_at: now() })
      .where('collection_id', '=', collectionId)
      .where('status', 'in', from);

  return {
    async claim(collectionId) {
      for (;;) {
        const row = await queued(collectionId).select('id').orderBy(paths.order).limit(1).executeTakeFirst();
        if (row === undefined) return undefined;
        const claimed = await db
          .updateTable('documents')
          .set({ status: 'reading', updated_at: now() })
          .where('id', '=', row.id)
          .where('status', '=', 'queued')
          .returningAll()
          .executeTakeFirst();
        // Another lane was quicker, or it was taken back: there may be a next one.
        if (claimed !== undefined) return claimed;
      }
    },
    nextWithoutVectors(collectionId, after) {
      return lacking()
        .selectAll()
        .where('collection_id', '=', collectionId)
        .where(paths.isAfter(after))
        .orderBy(paths.order)
        .limit(1)
        .executeTakeFirst();
    },
    async waiting(collectionId) {
      const row = await documents()
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('collection_id', '=', collectionId)
        .where('status', 'in', ['queued', 'reading'])
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async anyQueued(collectionId) {
      return (await queued(collectionId).select('id').limit(1).executeTakeFirst()) !== undefined;
    },
    async collectionsWaiting() {
      const rows = await documents()
        .select('collection_id')
        .distinct()
        .where('status', 'in', ['queued', 'reading'])
        .execute();
      return rows.map((row) => row.collection_id);
    },
    async collectionsWithoutVectors() {
      const rows = await lacking().select('collection_id').distinct().execute();
      return rows.map((row) => row.collection_id);
    },
    async withoutVectors(collectionId) {
      const row = await lacking()
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('collection_id', '=', collectionId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async putBack(collectionId) {
      await store.write([change(collectionId, ['reading'], 'queued')]);
    },
    async cancelWaiting(collectionId, before) {
      await store.write([
        change(collectionId, ['queued', 'reading'], 'cancelled').where('updated_at', '<=', before),
      ]);
    },
    async cancelDocuments(userId, ids) {
      if (ids.length === 0) return;
      await store.write([
        db
          .updateTable('documents')
          .set({ status: 'cancelled', updated_at: now() })
          .where('user_id', '=', userId)
          .where('id', 'in', ids)
          .where('status', 'in', ['queued', 'reading']),
      ]);
    },
    guard: ({ id, sha256, status }) =>
      db
        .insertInto('documents')
        .columns(columns)
        .expression(
          db
            .selectFrom('documents')
            .select(columns)
            .where('id', '=', id)
            .where((where) => where.or([where('sha256', '!=', sha256), where('status', '!=', status)])),
        ),
  };
}

const columns = [
  'id',
  'collection_id',
  'user_id',
  'path',
  'source',
  'file_id',
  'status',
  'error',
  'warnings',
  'kind',
  'title',
  'language',
  'page_count',
  'scan_pages',
  'passages',
  'size_bytes',
  'sha256',
  'parsed_sha256',
  'attributes',
  'created_at',
  'updated_at',
] as const satisfies (keyof DocumentRow)[];
