// Datasets: filled from files and the ledger, reviewed, frozen in versions, taken out again.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type DatasetInput,
  datasetInputSchema,
  datasetSchema,
  datasetVersionSchema,
  detectorSchema,
  type ExampleBody,
  exampleBodySchema,
  exampleSchema,
  importReportSchema,
  nameSearchSchema,
  splits,
} from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { taskSchema } from '../../contracts/task.ts';
import type { CollectOrder, ExampleFilter, FileShape } from '../../learning/datasets/datasets.ts';
import { fileShapes } from '../../learning/datasets/datasets.ts';
import { contentDisposition } from '../content-disposition.ts';
import { readForm } from '../read-form.ts';
import { createRouter, idParam, idSchema, jsonBody, jsonContent, noContent, sent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/datasets';
const tags = ['learning'];
const exampleParam = z.object({ id: idSchema, exampleId: idSchema });
const statuses = exampleSchema.shape.status;
const words = z.string().max(500);
const filterSchema = z.object({
  status: statuses.optional(),
  split: z.enum(splits).optional(),
  query: words.optional(),
  findings: z.boolean().optional(),
});
const ids = z.array(idSchema).min(1).max(10_000);
const changeSchema = z
  .object({
    ids: ids.optional(),
    filter: filterSchema.optional(),
    status: statuses.optional(),
    split: z.enum(splits).optional(),
  })
  .strict()
  .refine((body) => (body.ids === undefined) !== (body.filter === undefined), 'send either ids or filter')
  .refine((body) => body.status !== undefined || body.split !== undefined, 'send status, split or both');
const redactSchema = z
  .object({ ids: ids.optional(), types: z.array(z.string().max(40)).optional() })
  .strict();
/** The last moment that a date can say. */
const MAX_TIME_MS = 8.64e15;
const collectSchema = z
  .object({
    from: z.enum(['ratings', 'traces']),
    since: z.number().int().min(0).max(MAX_TIME_MS).optional().describe('Epoch milliseconds'),
    model: z.string().max(512).optional(),
    app: z.string().max(512).optional(),
    rating: z.union([z.literal(1), z.literal(-1)]).optional(),
  })
  .strict();
const bodySchema = z.object({ body: exampleBodySchema });
const newExampleSchema = bodySchema.extend({
  from: z
    .object({ traceId: z.string().length(32), spanId: z.string().length(16) })
    .optional()
    .describe('A span of the caller’s own that it was taken out of'),
});
const changed = jsonContent(z.object({ changed: z.number().int() }), 'How many were changed');
const FORM_MARGIN_BYTES = 10_000;

function shapeOf(text: string): FileShape {
  const shape = fileShapes.find((one) => one === text);
  if (shape !== undefined) return shape;
  throw new AtelierError(
    'invalid_request',
    `shape: there is no ${text}; there are ${fileShapes.join(', ')}.`,
    {
      data: { param: 'shape', shape: text, shapes: fileShapes },
    },
  );
}

export function datasetRoutes({ learning, access: { audit } }: Pick<ApiServices, 'learning' | 'access'>) {
  const { datasets, detectors, names } = learning;
  const dataset = jsonContent(datasetSchema, 'The dataset');
  const example = jsonContent(exampleSchema, 'The example');
  const report = jsonContent(importReportSchema, 'What was taken in, and what was not and why');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/detectors',
        tags,
        summary: 'Which personal data is looked for, by what, and which is not found',
        responses: {
          200: jsonContent(z.object({ detectors: z.array(detectorSchema) }), 'What is looked for'),
        },
      }),
      (c) => c.json({ detectors: detectors() }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Datasets, the one changed last first',
        responses: { 200: jsonContent(z.object({ datasets: z.array(datasetSchema) }), 'The datasets') },
      }),
      async (c) => c.json({ datasets: await datasets.list(c.get('identity')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Begin a dataset',
        request: { body: jsonBody(datasetInputSchema) },
        responses: { 201: dataset },
      }),
      async (c) => c.json(await datasets.create(c.get('identity'), c.req.valid('json') as DatasetInput), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A dataset with its counts and versions',
        request: { params: idParam },
        responses: { 200: dataset },
      }),
      async (c) => c.json(await datasets.get(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Rename or describe a dataset',
        request: {
          params: idParam,
          body: jsonBody(
            z
              .object({ name: z.string().trim().min(1).max(120), description: z.string().max(2000) })
              .partial()
              .strict(),
          ),
        },
        responses: { 200: dataset },
      }),
      async (c) =>
        c.json(
          await datasets.update(c.get('identity'), c.req.valid('param').id, sent(c.req.valid('json'))),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Hide a dataset; it can be restored for 30 days',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await datasets.remove(c.get('identity'), id);
        await audit.record(c.get('identity'), 'dataset.remove', id);
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
        responses: { 200: dataset },
      }),
      async (c) => c.json(await datasets.restore(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/examples`,
        tags,
        summary: 'Examples in the order in which they came',
        request: {
          params: idParam,
          query: z.object({
            status: statuses.optional(),
            split: z.enum(splits).optional(),
            query: words.optional().describe('Text that stands in it, whatever its accents'),
            findings: z.enum(['true', 'false']).optional().describe('With personal data, or without'),
            cursor: z.string().max(2048).optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: jsonContent(
            z.object({ examples: z.array(exampleSchema), nextCursor: z.string().nullable() }),
            'A page of examples',
          ),
        },
      }),
      async (c) => {
        const { findings, ...page } = c.req.valid('query');
        return c.json(
          await datasets.examples(c.get('identity'), c.req.valid('param').id, {
            ...(sent(page) as ExampleFilter & { cursor?: string; limit: number }),
            ...(findings === undefined ? {} : { findings: findings === 'true' }),
          }),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/examples`,
        tags,
        summary: 'Write an example',
        request: { params: idParam, body: jsonBody(newExampleSchema) },
        responses: { 201: example },
      }),
      async (c) =>
        c.json(
          await datasets.addExample(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json').body as ExampleBody,
            c.req.valid('json').from,
          ),
          201,
        ),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}/examples`,
        tags,
        summary: 'Approve, reject or move many examples: those of a list, or all that a filter names',
        request: { params: idParam, body: jsonBody(changeSchema) },
        responses: { 200: changed },
      }),
      async (c) => {
        const body = c.req.valid('json');
        const { status, split } = body;
        const which =
          body.ids === undefined
            ? { filter: sent(body.filter ?? {}) as ExampleFilter }
            : { ids: body.ids as string[] };
        const count = await datasets.changeExamples(
          c.get('identity'),
          c.req.valid('param').id,
          which,
          sent({ status, split }),
        );
        return c.json({ changed: count }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: `${path}/{id}/examples/{exampleId}`,
        tags,
        summary: 'Reword an example',
        request: { params: exampleParam, body: jsonBody(bodySchema) },
        responses: { 200: example },
      }),
      async (c) => {
        const { id, exampleId } = c.req.valid('param');
        return c.json(
          await datasets.replaceExample(
            c.get('identity'),
            id,
            exampleId,
            c.req.valid('json').body as ExampleBody,
          ),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}/examples/{exampleId}`,
        tags,
        summary: 'Remove an example; versions that hold it keep it',
        request: { params: exampleParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id, exampleId } = c.req.valid('param');
        await datasets.removeExample(c.get('identity'), id, exampleId);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/redact`,
        tags,
        summary: 'Put [EMAIL], [PHONE], ... in the place of the personal data that was found',
        request: { params: idParam, body: jsonBody(redactSchema) },
        responses: { 200: changed },
      }),
      async (c) => {
        const count = await datasets.redact(
          c.get('identity'),
          c.req.valid('param').id,
          sent(c.req.valid('json')),
        );
        return c.json({ changed: count }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/names`,
        tags,
        summary:
          'Which local models can look for names of people, how far each has come, and how long the rest takes',
        request: { params: idParam },
        responses: { 200: jsonContent(nameSearchSchema, 'The search for names') },
      }),
      async (c) => c.json(await names.state(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/find-names`,
        tags,
        summary: 'Have a local model look for names of people; a task that can be paused and cancelled',
        request: {
          params: idParam,
          body: jsonBody(z.object({ model: z.string().min(1).max(512) }).strict()),
        },
        responses: { 202: jsonContent(taskSchema, 'The task') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const task = await names.start(c.get('identity'), id, c.req.valid('json').model);
        await audit.record(c.get('identity'), 'dataset.find-names', id, { model: c.req.valid('json').model });
        return c.json(task, 202);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/import`,
        tags,
        summary: 'Take a file of examples in; the same file again adds nothing',
        description:
          'multipart/form-data with a part `file` and, before or after it, a field `shape` where the shape is not to be recognised.',
        // No schema for the body: a validator would read the whole form into memory; the route reads it part by part.
        request: { params: idParam },
        responses: { 200: report },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        const stated = Number(c.req.header('content-length') ?? Number.NaN) - FORM_MARGIN_BYTES;
        const parts = readForm(c.req.raw);
        let shape: FileShape | undefined;
        /** Fields up to the next file, which may name the shape. */
        async function nextFile() {
          for (;;) {
            const { value: part, done } = await parts.next();
            if (done === true) return null;
            if (part.kind === 'file') return part;
            if (part.name === 'shape' && part.value !== '') shape = shapeOf(part.value);
          }
        }
        /** What stands behind the file. */
        async function rest(): Promise<FileShape | undefined> {
          const second = await nextFile();
          if (second === null) return shape;
          throw new AtelierError(
            'invalid_request',
            `The form holds a second file, ${second.fileName}. Send one file a call; nothing of this form was taken in.`,
            { data: { param: 'file' } },
          );
        }
        try {
          const file = await nextFile();
          if (file !== null)
            return c.json(
              await datasets.importFile(who, id, {
                name: file.fileName,
                bytes: file.bytes,
                shape: rest,
                ...(stated > 0 ? { sizeBytes: stated } : {}),
              }),
              200,
            );
        } finally {
          await parts.return(undefined);
        }
        throw new AtelierError('invalid_request', 'The form holds no file. Name its part `file`.', {
          data: { param: 'file' },
        });
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/collect`,
        tags,
        summary: 'Take examples from ratings or traces; they wait for review',
        request: { params: idParam, body: jsonBody(collectSchema) },
        responses: { 200: report },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        const order = sent(c.req.valid('json')) as CollectOrder;
        const done = await datasets.collect(who, id, order);
        await audit.record(who, 'dataset.collect', id, { ...order, added: done.added });
        return c.json(done, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/versions`,
        tags,
        summary: 'Freeze what is approved; the same content again is the same version',
        request: {
          params: idParam,
          body: jsonBody(z.object({ note: z.string().max(2000).default('') }).strict()),
        },
        responses: { 201: jsonContent(datasetVersionSchema, 'The version') },
      }),
      async (c) =>
        c.json(
          await datasets.freeze(c.get('identity'), c.req.valid('param').id, c.req.valid('json').note ?? ''),
          201,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/export`,
        tags,
        summary: 'The examples as a file; without a version what is approved now',
        request: {
          params: idParam,
          query: z.object({
            version: z.coerce.number().int().min(1).optional(),
            shape: z.enum(fileShapes),
          }),
        },
        responses: {
          200: {
            description: 'JSON lines, or CSV with its header',
            content: {
              'application/x-ndjson': { schema: z.string() },
              'text/csv': { schema: z.string() },
            },
          },
        },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        const options = c.req.valid('query') as { version?: number; shape: FileShape };
        const { name } = await datasets.get(who, id);
        const lines = datasets.export(who, id, options)[Symbol.asyncIterator]();
        // A shape that does not fit is refused before the first line, while there still is a status to say it with.
        const first = await lines.next();
        await audit.record(who, 'dataset.export', id, options);
        const ending = options.shape === 'csv' ? 'csv' : 'jsonl';
        const version = options.version === undefined ? '' : `-v${options.version}`;
        return new Response(bodyOf(first, lines), {
          headers: {
            'content-type':
              options.shape === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
            'content-disposition': contentDisposition(`${name}${version}.${options.shape}.${ending}`),
          },
        }) as never;
      },
    );
}

const encoder = new TextEncoder();

/** At the pace of the reader. */
function bodyOf(first: IteratorResult<string>, lines: AsyncIterator<string>): ReadableStream<Uint8Array> {
  let next: IteratorResult<string> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const now: IteratorResult<string> = next ?? (await lines.next());
      next = null;
      if (now.done === true) controller.close();
      else controller.enqueue(encoder.encode(now.value));
    },
    async cancel() {
      await lines.return?.(undefined);
    },
  });
}
