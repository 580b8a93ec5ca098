// Files as parts of a collection, as the vector-store wire sees them: a document goes by the id of its file when it came
// from one, else by its own. It reads rows only; taking in and removing is the knowledge service's.

import type { Selectable } from 'kysely';
import type { ErrorBody } from '../contracts/errors.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Attributes, KnowledgeDocument } from '../contracts/knowledge.ts';
import { newId } from '../lib/ids.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { cleanPath } from './document-path.ts';
import { pathOrder } from './path-order.ts';

/** A document with the id of its file. */
export interface CollectionFile {
  fileId: string;
  documentId: string;
  path: string;
  status: KnowledgeDocument['status'];
  error: ErrorBody | null;
  sizeBytes: number;
  attributes: Attributes;
  createdAt: number;
}

export interface FileBatch {
  id: string;
  collectionId: string;
  taskId: string | null;
  documentIds: string[];
  cancelledAt: number | null;
  createdAt: number;
}

export interface FilePage {
  status?: readonly KnowledgeDocument['status'][];
  documentIds?: readonly string[];
  after?: string;
  before?: string;
  limit: number;
  order: 'asc' | 'desc';
}

export interface StoredFiles {
  /** By the id of a file or of a document. @throws AtelierError not_found */
  get(who: Identity, collectionId: string, fileId: string): Promise<CollectionFile>;
  list(
    who: Identity,
    collectionId: string,
    page: FilePage,
  ): Promise<{ files: CollectionFile[]; more: boolean }>;
  fileIdsOf(who: Identity, documentIds: readonly string[]): Promise<Map<string, string>>;
  /** A path for a file in a collection: its name, unless another file has that place. @throws AtelierError path_refused */
  freePath(who: Identity, collectionId: string, file: { id: string; name: string }): Promise<string>;
  createBatch(
    who: Identity,
    batch: Pick<FileBatch, 'collectionId' | 'taskId' | 'documentIds'>,
  ): Promise<FileBatch>;
  /** @throws AtelierError not_found */
  getBatch(who: Identity, collectionId: string, id: string): Promise<FileBatch>;
  markCancelled(who: Identity, id: string): Promise<void>;
}

const columns = [
  'id',
  'file_id',
  'path',
  'status',
  'error',
  'size_bytes',
  'attributes',
  'created_at',
] as const;
type Row = Pick<Selectable<Database['documents']>, (typeof columns)[number]>;

const toCollectionFile = (row: Row): CollectionFile => ({
  fileId: row.file_id ?? row.id,
  documentId: row.id,
  path: row.path,
  status: row.status as KnowledgeDocument['status'],
  error: row.error === null ? null : (JSON.parse(row.error) as ErrorBody),
  sizeBytes: row.size_bytes,
  attributes: JSON.parse(row.attributes) as Attributes,
  createdAt: row.created_at,
});

export function createStoredFiles({
  store,
  now = Date.now,
}: {
  store: Store;
  now?: () => number;
}): StoredFiles {
  const { db } = store;
  const rowsOf = (who: Identity, collectionId: string) =>
    db
      .selectFrom('documents')
      .select(columns)
      .where('collection_id', '=', collectionId)
      .where('user_id', '=', who.userId);

  async function get(who: Identity, collectionId: string, fileId: string): Promise<CollectionFile> {
    const row = await rowsOf(who, collectionId)
      .where((eb) => eb.or([eb('file_id', '=', fileId), eb('id', '=', fileId)]))
      .executeTakeFirst();
    if (row === undefined)
      throw new AtelierError('not_found', `The collection holds no file ${fileId}.`, {
        data: { id: fileId, collectionId },
      });
    return toCollectionFile(row);
  }

  return {
    get,
    async list(who, collectionId, { status, documentIds, after, before, limit, order }) {
      let query = rowsOf(who, collectionId)
        .orderBy('id', order)
        .limit(limit + 1);
      if (status !== undefined) query = query.where('status', 'in', [...status]);
      if (documentIds !== undefined) {
        if (documentIds.length === 0) return { files: [], more: false };
        query = query.where('id', 'in', [...documentIds]);
      }
      if (after !== undefined)
        query = query.where(
          'id',
          order === 'asc' ? '>' : '<',
          (await get(who, collectionId, after)).documentId,
        );
      if (before !== undefined)
        query = query.where(
          'id',
          order === 'asc' ? '<' : '>',
          (await get(who, collectionId, before)).documentId,
        );
      const rows = await query.execute();
      return { files: rows.slice(0, limit).map(toCollectionFile), more: rows.length > limit };
    },
    async fileIdsOf(who, documentIds) {
      if (documentIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('documents')
        .select(['id', 'file_id'])
        .where('user_id', '=', who.userId)
        .where('id', 'in', [...new Set(documentIds)])
        .execute();
      return new Map(rows.map((row) => [row.id, row.file_id ?? row.id]));
    },
    async freePath(who, collectionId, file) {
      // As it will be stored: two spellings of one name are one place.
      const path = cleanPath(file.name);
      const taken = await rowsOf(who, collectionId).where(pathOrder(store).is(path)).executeTakeFirst();
      return taken === undefined || taken.file_id === file.id ? path : `${file.id}/${path}`;
    },
    async createBatch(who, { collectionId, taskId, documentIds }) {
      const at = now();
      const id = newId('vsfb', at);
      await store.write([
        db.insertInto('file_batches').values({
          id,
          collection_id: collectionId,
          user_id: who.userId,
          task_id: taskId,
          document_ids: JSON.stringify(documentIds),
          cancelled_at: null,
          created_at: at,
        }),
      ]);
      return { id, collectionId, taskId, documentIds, cancelledAt: null, createdAt: at };
    },
    async getBatch(who, collectionId, id) {
      const row = await db
        .selectFrom('file_batches')
        .selectAll()
        .where('id', '=', id)
        .where('collection_id', '=', collectionId)
        .where('user_id', '=', who.userId)
        .executeTakeFirst();
      if (row === undefined)
        throw new AtelierError('not_found', `There is no file batch ${id}.`, { data: { id } });
      return {
        id,
        collectionId,
        taskId: row.task_id,
        documentIds: JSON.parse(row.document_ids) as string[],
        cancelledAt: row.cancelled_at,
        createdAt: row.created_at,
      };
    },
    async markCancelled(who, id) {
      await store.write([
        db
          .updateTable('file_batches')
          .set({ cancelled_at: now() })
          .where('id', '=', id)
          .where('user_id', '=', who.userId),
      ]);
    },
  };
}
