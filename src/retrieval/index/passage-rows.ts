// Rows of `passages`: a chunk as a row, and rows as the hits of a search.
import { type Compilable, sql } from 'kysely';
import type { Chunk } from '../../contracts/chunk.ts';
import type { DocumentKind } from '../../contracts/document.ts';
import type { AttributeFilter, Attributes, SearchHit } from '../../contracts/knowledge.ts';
import type { Store } from '../../store/store.ts';
import { filterCondition } from './attribute-filter.ts';

export function insertPassage(
  { db }: Store,
  { documentId, collectionId, ordinal }: { documentId: string; collectionId: string; ordinal: number },
  chunk: Chunk,
): Compilable {
  return db.insertInto('passages').values({
    collection_id: collectionId,
    document_id: documentId,
    chunk_id: chunk.id,
    ordinal,
    hash: chunk.hash,
    text: chunk.text,
    context: chunk.context,
    headings: JSON.stringify(chunk.headings),
    header: chunk.header,
    start_at: chunk.start,
    end_at: chunk.end,
    tokens: chunk.tokens,
    page: chunk.page,
    last_page: chunk.lastPage,
    boxes: JSON.stringify(chunk.boxes),
  });
}

export async function chunksOf({ db }: Store, documentId: string): Promise<Chunk[]> {
  const rows = await db
    .selectFrom('passages')
    .selectAll()
    .where('document_id', '=', documentId)
    .orderBy('ordinal')
    .execute();
  return rows.map((row) => ({
    id: row.chunk_id,
    hash: row.hash,
    text: row.text,
    start: row.start_at,
    end: row.end_at,
    context: row.context,
    headings: JSON.parse(row.headings) as string[],
    header: row.header,
    tokens: row.tokens,
    page: row.page,
    lastPage: row.last_page,
    boxes: JSON.parse(row.boxes) as Chunk['boxes'],
  }));
}

/** A hit without its scores. */
export type FoundPassage = Omit<SearchHit, 'rank' | 'score' | 'scores'>;

/** What these passages are; one that is gone is left out. */
export async function hitsOf({ db }: Store, numbers: readonly number[]): Promise<Map<number, FoundPassage>> {
  if (numbers.length === 0) return new Map();
  const rows = await db
    .selectFrom('passages as p')
    .innerJoin('documents as d', 'd.id', 'p.document_id')
    .select([
      'p.number',
      'p.collection_id',
      'p.document_id',
      'p.chunk_id',
      'p.text',
      'p.context',
      'p.header',
      'p.start_at',
      'p.end_at',
      'p.page',
      'p.last_page',
      'p.boxes',
      'p.tokens',
      'd.title',
      'd.path',
      'd.kind',
      'd.attributes',
    ])
    .where('p.number', 'in', [...numbers])
    .execute();
  return new Map(
    rows.map((row) => [
      row.number,
      {
        collectionId: row.collection_id,
        documentId: row.document_id,
        title: row.title,
        path: row.path,
        kind: (row.kind ?? 'text') as DocumentKind,
        chunkId: row.chunk_id,
        text: row.text,
        context: row.context,
        header: row.header,
        start: row.start_at,
        end: row.end_at,
        page: row.page,
        lastPage: row.last_page,
        boxes: JSON.parse(row.boxes) as FoundPassage['boxes'],
        tokens: row.tokens,
        attributes: JSON.parse(row.attributes) as Attributes,
      },
    ]),
  );
}

/** Documents of the collections that a filter lets by, out of those named; null: all of them, without a filter. */
export async function allowedDocuments(
  { db, kind }: Store,
  {
    collectionIds,
    documentIds,
    filter,
  }: {
    collectionIds: readonly string[];
    documentIds: readonly string[] | undefined;
    filter: AttributeFilter | undefined;
  },
): Promise<readonly string[] | null> {
  if (filter === undefined) return documentIds ?? null;
  if (documentIds?.length === 0) return [];
  let query = db
    .selectFrom('documents as d')
    .select('d.id')
    .where('d.collection_id', 'in', [...collectionIds])
    .where(sql<boolean>`${filterCondition(filter, sql`d.attributes`, kind)}`);
  if (documentIds) query = query.where('d.id', 'in', [...documentIds]);
  return (await query.execute()).map(({ id }) => id);
}
