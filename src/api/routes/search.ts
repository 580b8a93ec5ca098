// Search in collections, and the check of their indexes.
import { createRoute, z } from '@hono/zod-openapi';
import {
  attributeFilterSchema,
  knowledgeCheckSchema,
  searchResultSchema,
} from '../../contracts/knowledge.ts';
import type { Knowledge } from '../../retrieval/knowledge.ts';
import { createRouter, idSchema, jsonBody, jsonContent, sourceOf } from '../route-parts.ts';

const tags = ['knowledge'];
const searchInput = z.object({
  collectionIds: z.array(idSchema).min(1).max(64),
  query: z.string().min(1).max(8000),
  limit: z.number().int().min(1).max(100).optional(),
  filter: attributeFilterSchema
    .optional()
    .openapi({ type: 'object', description: 'The filter of the OpenAI vector-store wire' }),
  documentIds: z.array(idSchema).max(1000).optional(),
  mode: z.enum(['hybrid', 'lexical', 'vector']).optional(),
});

export function searchRoutes({ knowledge }: { knowledge: Knowledge }) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/search',
        tags,
        summary: 'Passages that answer a question, the best first',
        request: { body: jsonBody(searchInput) },
        responses: {
          200: jsonContent(
            searchResultSchema.extend({ traceId: z.string(), spanId: z.string() }),
            'The passages with their scores',
          ),
        },
      }),
      async (c) => {
        const { collectionIds, query, limit, filter, documentIds, mode } = c.req.valid('json');
        return c.json(
          await knowledge.search(c.get('identity'), {
            collectionIds,
            query,
            ...(limit === undefined ? {} : { limit }),
            ...(filter === undefined ? {} : { filter }),
            ...(documentIds === undefined ? {} : { documentIds }),
            ...(mode === undefined ? {} : { mode }),
            source: sourceOf(c),
            signal: c.req.raw.signal,
          }),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/knowledge/check',
        tags,
        summary: 'Compare documents and indexes, and mend the indexes',
        request: { body: jsonBody(z.object({ repair: z.boolean().default(false) })) },
        responses: { 200: jsonContent(knowledgeCheckSchema, 'What was found') },
      }),
      async (c) => c.json(await knowledge.check({ repair: c.req.valid('json').repair }), 200),
    );
}
