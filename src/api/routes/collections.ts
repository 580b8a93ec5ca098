// Collections of documents: a list, changes, and what is added to one.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../contracts/errors.ts';
import {
  type Attributes,
  attributesSchema,
  collectionSchema,
  documentStatuses,
  knowledgeDocumentSchema,
} from '../../contracts/knowledge.ts';
import { type Task, taskSchema } from '../../contracts/task.ts';
import type { Knowledge, NewDocument } from '../../retrieval/knowledge.ts';
import { readForm } from '../read-form.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';

const path = '/atelier/v1/collections';
const tags = ['knowledge'];
const collectionInput = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(2000).optional(),
  attributes: attributesSchema.optional(),
});
type CollectionInput = { name: string; description?: string; attributes?: Attributes };
const addedSchema = z.object({
  documents: z.array(knowledgeDocumentSchema),
  unchanged: z.array(z.string()).describe('Paths whose bytes were there already'),
  task: taskSchema.nullable().describe('Reads what was added; null when nothing is to be read'),
});

function readAttributes(text: string): Attributes {
  try {
    const parsed = attributesSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: the error below says what is wanted.
  }
  throw new AtelierError(
    'invalid_request',
    'attributes: expected a JSON object of texts, numbers, true or false.',
    { data: { param: 'attributes' } },
  );
}

export function collectionRoutes({ knowledge }: { knowledge: Knowledge }) {
  const collection = jsonContent(collectionSchema, 'The collection');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Collections, the one changed last first',
        responses: {
          200: jsonContent(z.object({ collections: z.array(collectionSchema) }), 'The collections'),
        },
      }),
      async (c) => c.json({ collections: await knowledge.listCollections(c.get('identity')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Begin a collection',
        request: { body: jsonBody(collectionInput) },
        responses: { 201: collection },
      }),
      async (c) =>
        c.json(
          await knowledge.createCollection(c.get('identity'), c.req.valid('json') as CollectionInput),
          201,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A collection',
        request: { params: idParam },
        responses: { 200: collection },
      }),
      async (c) => c.json(await knowledge.getCollection(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Rename or describe a collection',
        request: { params: idParam, body: jsonBody(collectionInput.partial()) },
        responses: { 200: collection },
      }),
      async (c) =>
        c.json(
          await knowledge.updateCollection(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json') as Partial<CollectionInput>,
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Hide a collection; it can be restored for 30 days',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await knowledge.removeCollection(c.get('identity'), c.req.valid('param').id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/restore`,
        tags,
        summary: 'Bring back what was deleted',
        request: { params: idParam },
        responses: { 200: collection },
      }),
      async (c) => c.json(await knowledge.restoreCollection(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/documents`,
        tags,
        summary: 'Documents of a collection, by path',
        request: {
          params: idParam,
          query: z.object({
            query: z.string().max(500).optional(),
            status: z.enum(documentStatuses).optional(),
            cursor: z.string().max(2048).optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: jsonContent(
            z.object({ documents: z.array(knowledgeDocumentSchema), nextCursor: z.string().nullable() }),
            'A page of documents',
          ),
        },
      }),
      async (c) => {
        const { query, status, cursor, limit } = c.req.valid('query');
        return c.json(
          await knowledge.listDocuments(c.get('identity'), c.req.valid('param').id, {
            limit,
            ...(query ? { query } : {}),
            ...(status ? { status } : {}),
            ...(cursor ? { cursor } : {}),
          }),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/documents`,
        tags,
        summary: 'Add files; a zip is unpacked',
        description:
          'multipart/form-data with parts named `files`, whose file names may be relative paths. A part `attributes` (JSON) counts for the files after it. What is acknowledged is kept; it is read by the task.',
        // No schema for the body: a validator would read the whole form into memory; the route reads it part by part.
        request: { params: idParam },
        responses: { 202: jsonContent(addedSchema, 'What is kept') },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        let zipTask: Task | null = null;
        let count = 0;
        async function* documents(): AsyncGenerator<NewDocument> {
          let attributes: Attributes | null = null;
          for await (const part of readForm(c.req.raw)) {
            if (part.kind === 'field') {
              if (part.name === 'attributes') attributes = readAttributes(part.value);
              continue;
            }
            count++;
            const document: NewDocument = {
              path: part.fileName,
              bytes: part.bytes,
              ...(attributes === null ? {} : { attributes }),
            };
            if (/\.zip$/i.test(part.fileName)) zipTask = await knowledge.addZip(who, id, document);
            else yield document;
          }
        }
        const added = await knowledge.add(who, id, documents());
        if (count === 0)
          throw new AtelierError('invalid_request', 'The form holds no file. Name its parts `files`.', {
            data: { param: 'files' },
          });
        return c.json({ ...added, task: added.task ?? zipTask }, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/folder`,
        tags,
        summary: 'Take in a folder of the machine of the server; again: only what changed',
        request: { params: idParam, body: jsonBody(z.object({ path: z.string().min(1).max(4096) })) },
        responses: { 202: jsonContent(taskSchema, 'The task that walks and reads it') },
      }),
      async (c) =>
        c.json(
          await knowledge.addFolder(c.get('identity'), c.req.valid('param').id, c.req.valid('json').path),
          202,
        ),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/url`,
        tags,
        summary: 'Take in one web address',
        request: { params: idParam, body: jsonBody(z.object({ url: z.url().max(4096) })) },
        responses: { 202: jsonContent(addedSchema, 'What is kept') },
      }),
      async (c) =>
        c.json(
          await knowledge.addUrl(c.get('identity'), c.req.valid('param').id, c.req.valid('json').url),
          202,
        ),
    );
}
