// Proves that rows, indexes and kept bytes agree, and mends what can be mended: an index from its rows, a text and its
// passages from the original. What has lost its original can only be added again.
import type { KnowledgeCheck } from '../contracts/knowledge.ts';
import type { BlobStore, Store } from '../store/store.ts';
import type { DocumentRow } from './documents.ts';
import type { PassageIndex } from './passage-index.ts';

export interface CheckParts {
  store: Store;
  index: PassageIndex;
  /** Reads the document again from its original. True when it is ready. */
  readAgain(document: DocumentRow, signal?: AbortSignal): Promise<boolean>;
}

type Fault = KnowledgeCheck['faults'][number];

const AT_ONCE = 200;

export async function checkKnowledge(
  { store, index, readAgain }: CheckParts,
  { repair, signal }: { repair: boolean; signal?: AbortSignal },
): Promise<KnowledgeCheck> {
  const faults: Fault[] = [];
  const note = (kind: Fault['kind'], row: DocumentRow, count = 1): Fault => {
    const fault = { kind, collectionId: row.collection_id, documentId: row.id, count, repaired: false };
    faults.push(fault);
    return fault;
  };
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await page(store, after);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const counts = await passageCounts(store, rows);
    for (const row of rows) {
      const original = await exists(store.blobs, row.sha256);
      if (!original) note('missing_original', row);
      const torn: Fault[] = [];
      if (row.status === 'ready' && !(await exists(store.blobs, row.parsed_sha256)))
        torn.push(note('missing_text', row));
      const found = counts.get(row.id) ?? 0;
      if (found !== row.passages)
        torn.push(note('passages_do_not_match', row, Math.abs(found - row.passages)));
      if (torn.length === 0 || !repair || !original) continue;
      const repaired = await readAgain(row, signal);
      for (const fault of torn) fault.repaired = repaired;
    }
  }
  // Last, so that the index is compared with the rows as they are now.
  const checked = await index.check({ repair, ...(signal ? { signal } : {}) });
  return { ...checked, faults: [...faults, ...checked.faults] };
}

function page({ db }: Store, after: string): Promise<DocumentRow[]> {
  return db
    .selectFrom('documents')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(AT_ONCE)
    .execute();
}

async function passageCounts({ db }: Store, rows: readonly DocumentRow[]): Promise<Map<string, number>> {
  const counts = await db
    .selectFrom('passages')
    .select(({ fn }) => ['document_id', fn.countAll<number>().as('count')])
    .where(
      'document_id',
      'in',
      rows.map(({ id }) => id),
    )
    .groupBy('document_id')
    .execute();
  return new Map(counts.map((row) => [row.document_id, Number(row.count)]));
}

async function exists(blobs: BlobStore, sha256: string | null): Promise<boolean> {
  const bytes = sha256 === null ? null : await blobs.get(sha256);
  if (bytes === null) return false;
  // A stream that is never begun would stay open.
  for await (const _ of bytes) break;
  return true;
}
