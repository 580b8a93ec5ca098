// The vector-store wire over collections: create, list, change, delete, search. A store's id is its collection's with
// another prefix; its files and batches are in vector-store-files.ts.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import {
  type AttributeFilter,
  type Attributes,
  attributeFilterSchema,
  attributesSchema,
  type Collection,
  type SearchHit,
} from '../../../contracts/knowledge.ts';
import { createRouter, jsonBody, jsonContent, sourceOf } from '../../route-parts.ts';
import { anyObject, listOf, listQuery, seconds } from './lists.ts';
import {
  addFiles,
  storeParam,
  toCollectionId,
  toStoreId,
  type VectorStoreServices,
} from './vector-store-parts.ts';

const tags = ['openai'];
const path = '/v1/vector_stores';
const toWire = (collection: Collection) => ({
  id: toStoreId(collection.id),
  object: 'vector_store' as const,
  created_at: seconds(collection.createdAt),
  name: collection.name,
  description: collection.description,
  usage_bytes: collection.sizeBytes,
  file_counts: {
    in_progress: collection.documents.waiting,
    completed: collection.documents.ready,
    failed: collection.documents.failed,
    cancelled: Math.max(
      0,
      collection.documents.total -
        collection.documents.waiting -
        collection.documents.ready -
        collection.documents.failed,
    ),
    total: collection.documents.total,
  },
  status: collection.documents.waiting > 0 ? ('in_progress' as const) : ('completed' as const),
  expires_after: null,
  expires_at: null,
  last_active_at: seconds(collection.updatedAt),
  metadata: Object.fromEntries(
    Object.entries(collection.attributes).map(([key, value]) => [key, String(value)]),
  ),
});

const storeInput = z.object({
  name: z.string().max(200).nullish(),
  description: z.string().max(2000).nullish(),
  metadata: attributesSchema.nullish(),
  file_ids: z.array(z.string()).max(10_000).optional(),
});

const searchInput = z.object({
  query: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)]),
  filters: attributeFilterSchema.nullish().openapi({ type: 'object' }),
  max_num_results: z.number().int().min(1).max(50).default(10),
  ranking_options: z.object({ score_threshold: z.number().min(0).max(1).optional() }).nullish(),
});

/** The wire promises a score from 0 to 1; ours is a sum of standard scores, so the logistic curve keeps its order. */
const wireScore = (hit: SearchHit): number => 1 / (1 + Math.exp(-hit.score));

export function vectorStoreRoutes(services: VectorStoreServices) {
  const { knowledge, storedFiles } = services;
  const vectorStore = jsonContent(anyObject, 'The vector store');
  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Create a vector store, with files if you like',
        request: { body: jsonBody(storeInput) },
        responses: { 200: vectorStore },
      }),
      async (c) => {
        const who = c.get('identity');
        const { name, description, metadata, file_ids } = c.req.valid('json');
        // A file that is not there refuses the request before anything is made.
        for (const id of file_ids ?? []) await services.files.get(who, id);
        const { id } = await knowledge.createCollection(who, {
          name: name || 'Vector store',
          ...(description ? { description } : {}),
          ...(metadata ? { attributes: metadata as Attributes } : {}),
        });
        if (file_ids !== undefined && file_ids.length > 0)
          await addFiles(
            services,
            who,
            id,
            file_ids.map((file_id) => ({ file_id })),
          );
        return c.json(toWire(await knowledge.getCollection(who, id)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Vector stores',
        request: { query: listQuery },
        responses: { 200: jsonContent(anyObject, 'The list') },
      }),
      async (c) => {
        const { after, before, limit, order } = c.req.valid('query');
        const all = (await knowledge.listCollections(c.get('identity')))
          .map(toWire)
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        if (order === 'desc') all.reverse();
        const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
        const to = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
        const rest = all.slice(from, Math.max(from, to));
        return c.json(listOf(rest.slice(0, limit), rest.length > limit), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{storeId}`,
        tags,
        summary: 'A vector store',
        request: { params: storeParam },
        responses: { 200: vectorStore },
      }),
      async (c) => {
        const id = toCollectionId(c.req.valid('param').storeId);
        return c.json(toWire(await knowledge.getCollection(c.get('identity'), id)), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{storeId}`,
        tags,
        summary: 'Rename a vector store or change its metadata',
        request: { params: storeParam, body: jsonBody(storeInput.omit({ file_ids: true })) },
        responses: { 200: vectorStore },
      }),
      async (c) => {
        const { name, description, metadata } = c.req.valid('json');
        const changed = await knowledge.updateCollection(
          c.get('identity'),
          toCollectionId(c.req.valid('param').storeId),
          {
            ...(name ? { name } : {}),
            ...(description === undefined ? {} : { description: description ?? '' }),
            ...(metadata === undefined ? {} : { attributes: (metadata ?? {}) as Attributes }),
          },
        );
        return c.json(toWire(changed), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{storeId}`,
        tags,
        summary: 'Delete a vector store; its files stay',
        request: { params: storeParam },
        responses: { 200: jsonContent(anyObject, 'Deleted') },
      }),
      async (c) => {
        const { storeId } = c.req.valid('param');
        await knowledge.removeCollection(c.get('identity'), toCollectionId(storeId));
        return c.json({ id: storeId, object: 'vector_store.deleted', deleted: true }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{storeId}/search`,
        tags,
        summary: 'Passages that answer a question',
        request: { params: storeParam, body: jsonBody(searchInput) },
        responses: { 200: jsonContent(anyObject, 'A page of results') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { query, filters, max_num_results, ranking_options } = c.req.valid('json');
        const queries = typeof query === 'string' ? [query] : query;
        const best = new Map<string, SearchHit>();
        for (const text of queries) {
          if (text.trim() === '')
            throw new AtelierError('invalid_request', 'query: is empty.', { data: { param: 'query' } });
          const { hits } = await knowledge.search(who, {
            collectionIds: [toCollectionId(c.req.valid('param').storeId)],
            query: text,
            limit: max_num_results,
            ...(filters ? { filter: filters as AttributeFilter } : {}),
            source: sourceOf(c),
            signal: c.req.raw.signal,
          });
          for (const hit of hits) {
            const key = `${hit.documentId} ${hit.chunkId}`;
            if ((best.get(key)?.score ?? Number.NEGATIVE_INFINITY) < hit.score) best.set(key, hit);
          }
        }
        const threshold = ranking_options?.score_threshold ?? 0;
        const hits = [...best.values()]
          .sort((a, b) => b.score - a.score)
          .filter((hit) => wireScore(hit) >= threshold)
          .slice(0, max_num_results);
        const fileIds = await storedFiles.fileIdsOf(
          who,
          hits.map(({ documentId }) => documentId),
        );
        return c.json(
          {
            object: 'vector_store.search_results.page',
            search_query: queries,
            data: hits.map((hit) => ({
              file_id: fileIds.get(hit.documentId) ?? hit.documentId,
              filename: hit.path,
              score: wireScore(hit),
              attributes: hit.attributes,
              content: [
                { type: 'text', text: hit.header === null ? hit.text : `${hit.header}\n${hit.text}` },
              ],
            })),
            has_more: false,
            next_page: null,
          },
          200,
        );
      },
    );
}
