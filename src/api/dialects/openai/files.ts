// The files wire: upload, list, read back, delete.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import type { Files, StoredFile } from '../../../retrieval/files.ts';
import { bytesResponse } from '../../bytes-response.ts';
import { readForm } from '../../read-form.ts';
import { createRouter, idParam, jsonContent } from '../../route-parts.ts';
import { anyObject, listOf, listQuery, seconds } from './lists.ts';

const tags = ['openai'];

const toWire = (file: StoredFile) => ({
  id: file.id,
  object: 'file' as const,
  bytes: file.sizeBytes,
  created_at: seconds(file.createdAt),
  filename: file.name,
  purpose: file.purpose,
  status: 'processed' as const,
});

async function upload(request: Request, files: Files, who: Identity): Promise<StoredFile> {
  const parts = readForm(request);
  let purpose = 'user_data';
  const readRest = async () => {
    for await (const part of parts)
      if (part.kind === 'field' && part.name === 'purpose') purpose = part.value;
    return purpose;
  };
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    const part = next.value;
    if (part.kind === 'field' && part.name === 'purpose') purpose = part.value;
    if (part.kind === 'file' && part.name === 'file')
      return files.create(who, { name: part.fileName, bytes: part.bytes, purpose: readRest });
  }
  throw new AtelierError('invalid_request', 'The form holds no file. Send it as the part `file`.', {
    data: { param: 'file' },
  });
}

export function openAiFileRoutes({ files }: { files: Files }) {
  const file = jsonContent(anyObject, 'The file');
  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/v1/files',
        tags,
        summary: 'Upload a file',
        description: 'multipart/form-data with `file` and `purpose`.',
        responses: { 200: file },
      }),
      async (c) => c.json(toWire(await upload(c.req.raw, files, c.get('identity'))), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/files',
        tags,
        summary: 'Files',
        request: {
          query: listQuery.extend({
            purpose: z.string().max(64).optional(),
            limit: z.coerce.number().int().min(1).max(10_000).default(1000),
          }),
        },
        responses: { 200: jsonContent(anyObject, 'The list') },
      }),
      async (c) => {
        const { purpose, after, limit, order } = c.req.valid('query');
        const page = await files.list(c.get('identity'), {
          limit,
          order,
          ...(purpose === undefined ? {} : { purpose }),
          ...(after === undefined ? {} : { after }),
        });
        return c.json(listOf(page.files.map(toWire), page.more), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/files/{id}',
        tags,
        summary: 'A file',
        request: { params: idParam },
        responses: { 200: file },
      }),
      async (c) => c.json(toWire(await files.get(c.get('identity'), c.req.valid('param').id)), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/files/{id}/content',
        tags,
        summary: 'The bytes of a file',
        request: { params: idParam },
        responses: {
          200: { description: 'The bytes', content: { 'application/octet-stream': { schema: z.string() } } },
        },
      }),
      async (c) => {
        const { file: found, bytes } = await files.content(c.get('identity'), c.req.valid('param').id);
        return bytesResponse({ name: found.name, mediaType: 'application/octet-stream', bytes }) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/v1/files/{id}',
        tags,
        summary: 'Delete a file; documents made from it stay',
        request: { params: idParam },
        responses: { 200: jsonContent(anyObject, 'Deleted') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await files.remove(c.get('identity'), id);
        return c.json({ id, object: 'file', deleted: true }, 200);
      },
    );
}
