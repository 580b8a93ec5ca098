// Rows of documents as a person sees them. Every read that serves a person names the user.
import { type Expression, type Selectable, sql } from 'kysely';
import type { DocumentKind, DocumentWarning } from '../contracts/document.ts';
import { AtelierError, type ErrorBody } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Attributes, DocumentSource, KnowledgeDocument } from '../contracts/knowledge.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { pathOrder } from './path-order.ts';

export type DocumentRow = Selectable<Database['documents']>;

/** Part of the warnings of a document whose passages have no vectors yet. */
export const noVectors: DocumentWarning = {
  code: 'no_vectors',
  message:
    'Found by its words only: no embedding model could be had. Its vectors are added when there is one.',
  data: {},
};
/** How a row is recognised whose warnings hold it. */
export const NO_VECTORS_LIKE = '%"no_vectors"%';

export function toDocument(row: DocumentRow): KnowledgeDocument {
  return {
    id: row.id,
    collectionId: row.collection_id,
    path: row.path,
    source: JSON.parse(row.source) as DocumentSource,
    status: row.status as KnowledgeDocument['status'],
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorBody),
    warnings: JSON.parse(row.warnings) as DocumentWarning[],
    kind: row.kind as DocumentKind | null,
    title: row.title,
    language: row.language,
    pageCount: row.page_count,
    scanPages: row.scan_pages,
    passages: row.passages,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    attributes: JSON.parse(row.attributes) as Attributes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** @throws AtelierError not_found, also for another person's and for one of a deleted collection */
export async function ownDocument({ db }: Store, who: Identity, id: string): Promise<DocumentRow> {
  const row = await db
    .selectFrom('documents')
    .innerJoin('collections', 'collections.id', 'documents.collection_id')
    .selectAll('documents')
    .where('documents.id', '=', id)
    .where('documents.user_id', '=', who.userId)
    .where('collections.deleted_at', 'is', null)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new AtelierError('not_found', `There is no document ${id}. It may have been deleted.`, {
    data: { id },
  });
}

export interface DocumentListOptions {
  query?: string;
  status?: KnowledgeDocument['status'];
  cursor?: string;
  limit: number;
}

/** Some of a person's documents that were read, of all collections, whose title or path holds the words. */
export async function findDocuments(
  { db }: Store,
  who: Identity,
  { query, limit }: { query: string; limit: number },
): Promise<KnowledgeDocument[]> {
  const rows = await db
    .selectFrom('documents')
    .innerJoin('collections', 'collections.id', 'documents.collection_id')
    .selectAll('documents')
    .where('documents.user_id', '=', who.userId)
    .where('documents.status', '=', 'ready')
    .where('collections.deleted_at', 'is', null)
    .where((eb) => eb.or([holds(query, eb.ref('documents.path')), holds(query, eb.ref('documents.title'))]))
    .orderBy('documents.updated_at', 'desc')
    .orderBy('documents.id')
    .limit(limit)
    .execute();
  return rows.map(toDocument);
}

/** Whether a text holds the words, whatever their case; no character of them has a meaning of its own. */
function holds(words: string, text: Expression<string>) {
  const wanted = `%${words
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`lower(${text}) like ${wanted} escape '\\'`;
}

/** A page of a collection's documents in the order of their paths. */
export async function listDocuments(
  store: Store,
  collectionId: string,
  { query, status, cursor, limit }: DocumentListOptions,
): Promise<{ documents: KnowledgeDocument[]; nextCursor: string | null }> {
  const wanted = (query ?? '').trim();
  const paths = pathOrder(store);
  let select = store.db
    .selectFrom('documents')
    .selectAll()
    .where('collection_id', '=', collectionId)
    .orderBy(paths.order)
    .limit(limit + 1);
  if (wanted !== '')
    select = select.where((eb) => eb.or([holds(wanted, eb.ref('path')), holds(wanted, eb.ref('title'))]));
  if (status !== undefined) select = select.where('status', '=', status);
  if (cursor !== undefined) select = select.where(paths.isAfter(Buffer.from(cursor, 'base64url').toString()));
  const rows = await select.execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    documents: page.map(toDocument),
    nextCursor: rows.length > limit && last ? Buffer.from(last.path).toString('base64url') : null,
  };
}
