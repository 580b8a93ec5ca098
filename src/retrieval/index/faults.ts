// What a check of the index may find, and how passages without terms get theirs back.
import { type Compilable, sql } from 'kysely';
import type { KnowledgeCheck } from '../../contracts/knowledge.ts';
import type { Store } from '../../store/store.ts';
import { analysePassage, type PassageTerms } from './passage-terms.ts';

export type IndexFault = KnowledgeCheck['faults'][number];

/** Sums faults of one kind a document. */
export function faultsOf(
  kind: IndexFault['kind'],
  found: readonly { collectionId: string | null; documentId: string | null }[],
  repaired: boolean,
): IndexFault[] {
  const faults = new Map<string, IndexFault>();
  for (const { collectionId, documentId } of found) {
    const key = `${collectionId} ${documentId}`;
    const fault = faults.get(key) ?? { kind, collectionId, documentId, count: 0, repaired };
    fault.count++;
    faults.set(key, fault);
  }
  return [...faults.values()];
}

export interface UnindexedPassage {
  number: number;
  collectionId: string;
  documentId: string;
}

/** Passages that have no row in passage_index. */
export async function findUnindexed({ db }: Store): Promise<UnindexedPassage[]> {
  const { rows } = await sql<UnindexedPassage>`select p.number as "number", p.collection_id as "collectionId",
      p.document_id as "documentId" from passages p
    where not exists (select 1 from passage_index i where i.number = p.number) order by p.number`.execute(db);
  return rows;
}

/** Passages of a collection that has an embedding model, without a vector: only embedding them again helps. */
export async function findWithoutVector({ db }: Store, hasVector: string): Promise<UnindexedPassage[]> {
  const { rows } = await sql<UnindexedPassage>`select p.number as "number", p.collection_id as "collectionId",
      p.document_id as "documentId" from passages p join collections c on c.id = p.collection_id
    where c.embedding_model is not null and not exists (${sql.raw(hasVector)})
    order by p.number`.execute(db);
  return rows;
}

const AT_ONCE = 200;

/** Analyses the texts of these passages again. */
export async function reindex(
  { db, write }: Pick<Store, 'db' | 'write'>,
  passages: readonly UnindexedPassage[],
  insert: (passage: UnindexedPassage, terms: PassageTerms) => Compilable,
  signal?: AbortSignal,
): Promise<void> {
  const byNumber = new Map(passages.map((passage) => [passage.number, passage]));
  const numbers = [...byNumber.keys()];
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    const rows = await db
      .selectFrom('passages')
      .select(['number', 'text', 'context', 'header'])
      .where('number', 'in', numbers.slice(at, at + AT_ONCE))
      .execute();
    await write(
      rows.flatMap((row) => {
        const passage = byNumber.get(row.number);
        return passage ? [insert(passage, analysePassage(row))] : [];
      }),
    );
  }
}
