// Documents that go: their rows and passages in one batch, then what lies in the index, then the bytes nobody uses.
import type { ReadParts } from './ingest/read-document.ts';

type RemoveParts = Pick<ReadParts, 'store' | 'index' | 'blobs'>;

const AT_ONCE = 50;

export async function removeDocuments(
  ids: readonly string[],
  { store, index, blobs }: RemoveParts,
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await store.db
    .selectFrom('documents')
    .select(['id', 'collection_id', 'sha256', 'parsed_sha256'])
    .where('id', 'in', ids)
    .execute();
  await store.write(
    rows.flatMap(({ id }) => [...index.remove(id), store.db.deleteFrom('documents').where('id', '=', id)]),
  );
  for (const row of rows) await index.committed(row.id, row.collection_id);
  void blobs.free(rows.flatMap((row) => [row.sha256, row.parsed_sha256]));
}

/** Collections that were deleted before that moment, with all that is theirs. Returns how many went. */
export async function purgeCollections(
  before: number,
  signal: AbortSignal,
  parts: RemoveParts,
): Promise<number> {
  const { db } = parts.store;
  const deleted = await db
    .selectFrom('collections')
    .select('id')
    .where('deleted_at', '<', before)
    .orderBy('deleted_at')
    .execute();
  for (const { id } of deleted) {
    for (;;) {
      signal.throwIfAborted();
      const documents = await db
        .selectFrom('documents')
        .select('id')
        .where('collection_id', '=', id)
        .limit(AT_ONCE)
        .execute();
      if (documents.length === 0) break;
      await removeDocuments(
        documents.map((document) => document.id),
        parts,
      );
    }
    await parts.store.write([db.deleteFrom('collections').where('id', '=', id)]);
  }
  return deleted.length;
}
