// A document of a collection: its state, its text and passages, its original.
import { createRoute, z } from '@hono/zod-openapi';
import { chunkSchema } from '../../contracts/chunk.ts';
import { parsedDocumentSchema } from '../../contracts/document.ts';
import { attributesSchema, knowledgeDocumentSchema } from '../../contracts/knowledge.ts';
import { taskSchema } from '../../contracts/task.ts';
import type { Knowledge } from '../../retrieval/knowledge.ts';
import { bytesResponse } from '../bytes-response.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';

const path = '/atelier/v1/documents/{id}';
const tags = ['knowledge'];

export function documentRoutes({ knowledge }: { knowledge: Knowledge }) {
  const document = jsonContent(knowledgeDocumentSchema, 'The document');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/documents',
        tags,
        summary: 'Documents of all collections whose title or path holds the words, the newest first',
        request: {
          query: z.object({
            query: z.string().max(500).default(''),
            limit: z.coerce.number().int().min(1).max(100).default(20),
          }),
        },
        responses: {
          200: jsonContent(z.object({ documents: z.array(knowledgeDocumentSchema) }), 'Those that were read'),
        },
      }),
      async (c) =>
        c.json({ documents: await knowledge.findDocuments(c.get('identity'), c.req.valid('query')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'A document',
        request: { params: idParam },
        responses: { 200: document },
      }),
      async (c) => c.json(await knowledge.getDocument(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path,
        tags,
        summary: 'Change what a document can be filtered by',
        request: { params: idParam, body: jsonBody(z.object({ attributes: attributesSchema })) },
        responses: { 200: document },
      }),
      async (c) =>
        c.json(
          await knowledge.updateDocument(c.get('identity'), c.req.valid('param').id, c.req.valid('json')),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path,
        tags,
        summary: 'Remove a document with its passages',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await knowledge.removeDocument(c.get('identity'), c.req.valid('param').id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/retry`,
        tags,
        summary: 'Read a document again',
        request: { params: idParam },
        responses: { 202: jsonContent(taskSchema, 'The task that reads it') },
      }),
      async (c) => c.json(await knowledge.retryDocument(c.get('identity'), c.req.valid('param').id), 202),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/original`,
        tags,
        summary: 'The file as it was added',
        description: 'With `inline=1` a PDF is shown; everything else is a download, whatever it says it is.',
        request: { params: idParam, query: z.object({ inline: z.enum(['0', '1']).default('0') }) },
        responses: {
          200: {
            description: 'The bytes',
            content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
          },
        },
      }),
      async (c) => {
        const original = await knowledge.original(c.get('identity'), c.req.valid('param').id);
        const inline = c.req.valid('query').inline === '1' && original.mediaType === 'application/pdf';
        return bytesResponse(original, inline ? 'inline' : 'attachment') as never;
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/content`,
        tags,
        summary: 'What was read of a document: its blocks in order',
        request: { params: idParam },
        responses: {
          200: jsonContent(
            z.object({ document: knowledgeDocumentSchema, parsed: parsedDocumentSchema }),
            'The document and its text',
          ),
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const found = await knowledge.getDocument(c.get('identity'), id);
        return c.json({ document: found, parsed: await knowledge.parsed(c.get('identity'), id) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/passages`,
        tags,
        summary: 'The passages of a document, in order',
        request: { params: idParam },
        responses: { 200: jsonContent(z.object({ passages: z.array(chunkSchema) }), 'The passages') },
      }),
      async (c) =>
        c.json({ passages: await knowledge.passages(c.get('identity'), c.req.valid('param').id) }, 200),
    );
}
