// Files of a vector store, one by one and in batches.
import { createRoute, z } from '@hono/zod-openapi';
import { plainText } from '../../../contracts/document.ts';
import type { ErrorBody } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import { attributesSchema, type KnowledgeDocument } from '../../../contracts/knowledge.ts';
import type { CollectionFile, FileBatch } from '../../../retrieval/stored-files.ts';
import { createRouter, jsonBody, jsonContent } from '../../route-parts.ts';
import { anyObject, listOf, listQuery, seconds } from './lists.ts';
import {
  addFiles,
  type FileToAdd,
  storeParam,
  toCollectionId,
  toStoreId,
  type VectorStoreServices,
} from './vector-store-parts.ts';

const tags = ['openai'];
const path = '/v1/vector_stores/{storeId}';
const fileParam = storeParam.extend({ fileId: z.string().min(1).max(512) });
const batchParam = storeParam.extend({ batchId: z.string().min(1).max(512) });
/** How long a client waits before it asks again; its helpers obey the header. */
const poll = { 'openai-poll-after-ms': '300' };

const wireStatus: Record<KnowledgeDocument['status'], 'in_progress' | 'completed' | 'failed' | 'cancelled'> =
  {
    queued: 'in_progress',
    reading: 'in_progress',
    ready: 'completed',
    failed: 'failed',
    cancelled: 'cancelled',
  };
const statuses = z.enum(['in_progress', 'completed', 'failed', 'cancelled']);
const filterQuery = listQuery.extend({ filter: statuses.optional() });
const ownStatuses = (wire: z.infer<typeof statuses>) =>
  (Object.keys(wireStatus) as KnowledgeDocument['status'][]).filter((own) => wireStatus[own] === wire);

const lastError = ({ code, message }: ErrorBody) => ({
  code:
    code === 'document_unsupported'
      ? 'unsupported_file'
      : code.startsWith('document_')
        ? 'invalid_file'
        : 'server_error',
  message,
});

const toWire = (storeId: string, file: CollectionFile) => ({
  id: file.fileId,
  object: 'vector_store.file' as const,
  created_at: seconds(file.createdAt),
  usage_bytes: file.sizeBytes,
  vector_store_id: storeId,
  status: wireStatus[file.status],
  last_error: file.error === null ? null : lastError(file.error),
  attributes: file.attributes,
  chunking_strategy: { type: 'other' as const },
});

const entry = z.object({ file_id: z.string().min(1), attributes: attributesSchema.nullish() });
const batchInput = z
  .object({
    file_ids: z.array(z.string().min(1)).min(1).max(2000).optional(),
    files: z.array(entry).min(1).max(2000).optional(),
    attributes: attributesSchema.nullish(),
  })
  .refine(({ file_ids, files }) => (file_ids === undefined) !== (files === undefined), {
    message: 'expected either file_ids or files',
    path: ['file_ids'],
  });

export function vectorStoreFileRoutes(services: VectorStoreServices) {
  const { knowledge, storedFiles } = services;
  const one = jsonContent(anyObject, 'The file in the store');

  async function batchBody(who: Identity, batch: FileBatch) {
    const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: batch.documentIds.length };
    const { files } = await storedFiles.list(who, batch.collectionId, {
      documentIds: batch.documentIds,
      limit: batch.documentIds.length + 1,
      order: 'asc',
    });
    for (const { status } of files) counts[wireStatus[status]]++;
    return {
      id: batch.id,
      object: 'vector_store.files_batch',
      created_at: seconds(batch.createdAt),
      vector_store_id: toStoreId(batch.collectionId),
      status: batch.cancelledAt !== null ? 'cancelled' : counts.in_progress > 0 ? 'in_progress' : 'completed',
      file_counts: counts,
    };
  }

  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/files`,
        tags,
        summary: 'Add an uploaded file to a vector store',
        request: { params: storeParam, body: jsonBody(entry) },
        responses: { 200: one },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId } = c.req.valid('param');
        const added = c.req.valid('json');
        await addFiles(services, who, toCollectionId(storeId), [added as FileToAdd]);
        return c.json(
          toWire(storeId, await storedFiles.get(who, toCollectionId(storeId), added.file_id)),
          200,
          poll,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/files`,
        tags,
        summary: 'Files of a vector store',
        request: { params: storeParam, query: filterQuery },
        responses: { 200: jsonContent(anyObject, 'The list') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId } = c.req.valid('param');
        const { filter, after, before, limit, order } = c.req.valid('query');
        await knowledge.getCollection(who, toCollectionId(storeId));
        const page = await storedFiles.list(who, toCollectionId(storeId), {
          limit,
          order,
          ...(filter === undefined ? {} : { status: ownStatuses(filter) }),
          ...(after === undefined ? {} : { after }),
          ...(before === undefined ? {} : { before }),
        });
        return c.json(
          listOf(
            page.files.map((file) => toWire(storeId, file)),
            page.more,
          ),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/files/{fileId}`,
        tags,
        summary: 'A file of a vector store',
        request: { params: fileParam },
        responses: { 200: one },
      }),
      async (c) => {
        const { storeId, fileId } = c.req.valid('param');
        const found = await storedFiles.get(c.get('identity'), toCollectionId(storeId), fileId);
        return c.json(toWire(storeId, found), 200, poll);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/files/{fileId}`,
        tags,
        summary: 'Change the attributes of a file',
        request: {
          params: fileParam,
          body: jsonBody(z.object({ attributes: attributesSchema.nullable() })),
        },
        responses: { 200: one },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, fileId } = c.req.valid('param');
        const { documentId } = await storedFiles.get(who, toCollectionId(storeId), fileId);
        await knowledge.updateDocument(who, documentId, { attributes: c.req.valid('json').attributes ?? {} });
        return c.json(toWire(storeId, await storedFiles.get(who, toCollectionId(storeId), fileId)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/files/{fileId}`,
        tags,
        summary: 'Take a file out of a vector store; the file itself stays',
        request: { params: fileParam },
        responses: { 200: jsonContent(anyObject, 'Deleted') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, fileId } = c.req.valid('param');
        const { documentId } = await storedFiles.get(who, toCollectionId(storeId), fileId);
        await knowledge.removeDocument(who, documentId);
        return c.json({ id: fileId, object: 'vector_store.file.deleted', deleted: true }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/files/{fileId}/content`,
        tags,
        summary: 'The text that was read of a file',
        request: { params: fileParam },
        responses: { 200: jsonContent(anyObject, 'The text') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, fileId } = c.req.valid('param');
        const { documentId } = await storedFiles.get(who, toCollectionId(storeId), fileId);
        const text = plainText(await knowledge.parsed(who, documentId));
        return c.json(
          {
            object: 'vector_store.file_content.page',
            data: [{ type: 'text', text }],
            has_more: false,
            next_page: null,
          },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/file_batches`,
        tags,
        summary: 'Add several uploaded files at once',
        request: { params: storeParam, body: jsonBody(batchInput) },
        responses: { 200: jsonContent(anyObject, 'The batch') },
      }),
      async (c) => {
        const who = c.get('identity');
        const collectionId = toCollectionId(c.req.valid('param').storeId);
        const { file_ids, files: entries, attributes } = c.req.valid('json');
        const list: FileToAdd[] =
          entries ?? (file_ids ?? []).map((file_id) => ({ file_id, attributes: attributes ?? null }));
        const { task } = await addFiles(services, who, collectionId, list);
        const documentIds = await Promise.all(
          list.map(async ({ file_id }) => (await storedFiles.get(who, collectionId, file_id)).documentId),
        );
        const batch = await storedFiles.createBatch(who, {
          collectionId,
          taskId: task?.id ?? null,
          documentIds,
        });
        return c.json(await batchBody(who, batch), 200, poll);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/file_batches/{batchId}`,
        tags,
        summary: 'How far a batch is',
        request: { params: batchParam },
        responses: { 200: jsonContent(anyObject, 'The batch') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, batchId } = c.req.valid('param');
        const batch = await storedFiles.getBatch(who, toCollectionId(storeId), batchId);
        return c.json(await batchBody(who, batch), 200, poll);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/file_batches/{batchId}/cancel`,
        tags,
        summary: 'Stop reading; what was read stays',
        request: { params: batchParam },
        responses: { 200: jsonContent(anyObject, 'The batch') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, batchId } = c.req.valid('param');
        const batch = await storedFiles.getBatch(who, toCollectionId(storeId), batchId);
        if ((await batchBody(who, batch)).status === 'in_progress') {
          // The task reads the whole collection, for other batches and people's uploads too.
          await knowledge.cancelDocuments(who, batch.collectionId, batch.documentIds);
          await storedFiles.markCancelled(who, batchId);
        }
        return c.json(
          await batchBody(who, await storedFiles.getBatch(who, toCollectionId(storeId), batchId)),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/file_batches/{batchId}/files`,
        tags,
        summary: 'Files of a batch',
        request: { params: batchParam, query: filterQuery },
        responses: { 200: jsonContent(anyObject, 'The list') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { storeId, batchId } = c.req.valid('param');
        const { filter, after, before, limit, order } = c.req.valid('query');
        const batch = await storedFiles.getBatch(who, toCollectionId(storeId), batchId);
        const page = await storedFiles.list(who, batch.collectionId, {
          documentIds: batch.documentIds,
          limit,
          order,
          ...(filter === undefined ? {} : { status: ownStatuses(filter) }),
          ...(after === undefined ? {} : { after }),
          ...(before === undefined ? {} : { before }),
        });
        return c.json(
          listOf(
            page.files.map((file) => toWire(storeId, file)),
            page.more,
          ),
          200,
        );
      },
    );
}
