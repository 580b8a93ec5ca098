// Applications: the gallery, a run with or without a stream, and batches over the rows of a CSV file.
import { createRoute, z } from '@hono/zod-openapi';
import type { Apps } from '../../apps/apps.ts';
import { checkAppIsThere } from '../../apps/check-app-is-there.ts';
import {
  type AppBatch,
  appBatchSchema,
  appEventSchema,
  appFaultSchema,
  appFigureSchema,
  appInfoSchema,
} from '../../contracts/app.ts';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import { mayRun } from '../../contracts/identity.ts';
import { taskSchema } from '../../contracts/task.ts';
import { sseResponse } from '../../lib/sse.ts';
import { contentDisposition } from '../content-disposition.ts';
import { readForm } from '../read-form.ts';
import { createRouter, eventStream, idParam, jsonBody, jsonContent, sourceOf } from '../route-parts.ts';

const path = '/atelier/v1/apps';
const tags = ['apps'];
const nameParam = z.object({ name: z.string().min(1).max(64) });
const runInput = z.object({ input: z.unknown(), model: z.string().min(1).max(512).optional() });
const CSV_BYTES = 64 * 1024 * 1024;

const columnsSchema = z.record(z.string(), z.string());
const fixedSchema = z.record(z.string(), z.unknown());

function readJson<T>(schema: z.ZodType<T>, param: string, text: string): T {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: the error below says what is wanted.
  }
  throw new AtelierError('invalid_request', `${param}: expected a JSON object.`, { data: { param } });
}

async function readBatch(request: Request) {
  const input = {
    fileName: 'rows.csv',
    bytes: null as Uint8Array | null,
    columns: {} as AppBatch['columns'],
    fixed: {} as AppBatch['fixed'],
    model: 'default',
  };
  for await (const part of readForm(request)) {
    if (part.kind === 'file') {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of part.bytes) {
        size += chunk.byteLength;
        if (size > CSV_BYTES)
          throw new AtelierError('payload_too_large', 'The file is larger than 64 MB. Split it.', {
            data: { limitBytes: CSV_BYTES },
          });
        chunks.push(chunk);
      }
      input.bytes = Buffer.concat(chunks);
      input.fileName = part.fileName;
    } else if (part.name === 'columns') input.columns = readJson(columnsSchema, 'columns', part.value);
    else if (part.name === 'fixed') input.fixed = readJson(fixedSchema, 'fixed', part.value);
    else if (part.name === 'model') input.model = part.value;
  }
  const { bytes } = input;
  if (bytes === null)
    throw new AtelierError('invalid_request', 'The form holds no file. Name its part `file`.', {
      data: { param: 'file' },
    });
  return { ...input, bytes };
}

export function appRoutes({ apps }: { apps: Apps }, shutdown: AbortSignal) {
  const batch = jsonContent(appBatchSchema, 'The batch');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'The gallery: what there is, what is broken, what was measured',
        responses: {
          200: jsonContent(
            z.object({
              apps: z.array(appInfoSchema),
              faults: z.array(appFaultSchema),
              figures: z.array(appFigureSchema),
            }),
            'The apps',
          ),
        },
      }),
      async (c) => {
        const who = c.get('identity');
        const figures = await apps.figures();
        return c.json(
          {
            apps: apps.list().filter(({ name }) => mayRun(who, name)),
            // A file that is broken is no app that a limited key could run.
            faults: who.apps == null ? apps.faults() : [],
            figures: figures.filter(({ app }) => mayRun(who, app)),
          },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}`,
        tags,
        summary: 'An app with its schemas',
        request: { params: nameParam },
        responses: { 200: jsonContent(appInfoSchema, 'The app') },
      }),
      (c) => {
        const { name } = c.req.valid('param');
        checkAppIsThere(apps, c.get('identity'), name);
        return c.json(apps.get(name), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/invoke`,
        tags,
        summary: 'Run an app and wait for its output',
        request: { params: nameParam, body: jsonBody(runInput) },
        responses: {
          200: jsonContent(
            z.object({ output: z.unknown(), receipt: appEventSchema.options[5].shape.receipt }),
            'The output',
          ),
        },
      }),
      async (c) => {
        const { input, model } = c.req.valid('json');
        const { name } = c.req.valid('param');
        const who = c.get('identity');
        checkAppIsThere(apps, who, name);
        const result = await apps.invoke(who, name, input, {
          source: sourceOf(c),
          signal: c.req.raw.signal,
          ...(model === undefined ? {} : { model }),
        });
        return c.json(result as { output: unknown; receipt: typeof result.receipt }, 200) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/stream`,
        tags,
        summary: 'Run an app and hear what it does',
        description:
          'Each event is an AppEvent; an error is the event `error` with an ErrorBody, and the last.',
        request: { params: nameParam, body: jsonBody(runInput) },
        responses: { 200: eventStream },
      }),
      async (c) => {
        const { input, model } = c.req.valid('json');
        const { name } = c.req.valid('param');
        const who = c.get('identity');
        checkAppIsThere(apps, who, name);
        const leave = new AbortController();
        const events = apps
          .stream(who, name, input, {
            source: sourceOf(c),
            signal: AbortSignal.any([c.req.raw.signal, shutdown, leave.signal]),
            ...(model === undefined ? {} : { model }),
          })
          [Symbol.asyncIterator]();
        // What is known at once is an ordinary error with its status.
        const first = await events.next();
        return sseResponse(
          async function* (signal) {
            signal.addEventListener('abort', () => leave.abort(), { once: true });
            try {
              for (let next = first; !next.done; next = await events.next())
                yield { data: JSON.stringify(next.value) };
            } catch (thrown) {
              yield { event: 'error', data: JSON.stringify(toAtelierError(thrown).toJSON()) };
            } finally {
              // A client that leaves between two events ends the app and its span too.
              await events.return?.(undefined);
            }
          },
          { signals: [c.req.raw.signal, shutdown] },
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{name}/batches`,
        tags,
        summary: 'Run an app over the rows of a CSV file',
        description:
          'multipart/form-data with the file as `file`, `columns` (JSON: input field to column), `fixed` (JSON: fields that are the same in every row) and `model`.',
        request: { params: nameParam },
        responses: { 202: jsonContent(z.object({ batch: appBatchSchema, task: taskSchema }), 'The batch') },
      }),
      async (c) => {
        const { name } = c.req.valid('param');
        const who = c.get('identity');
        checkAppIsThere(apps, who, name);
        return c.json(await apps.startBatch(who, name, await readBatch(c.req.raw)), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{name}/batches`,
        tags,
        summary: 'Batches of an app, the newest first',
        request: { params: nameParam },
        responses: { 200: jsonContent(z.object({ batches: z.array(appBatchSchema) }), 'The batches') },
      }),
      async (c) => c.json({ batches: await apps.batches(c.get('identity'), c.req.valid('param').name) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/batches/{id}',
        tags,
        summary: 'A batch',
        request: { params: idParam },
        responses: { 200: batch },
      }),
      async (c) => c.json(await apps.batch(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/batches/{id}/csv',
        tags,
        summary: 'The rows with what came of them; also while the batch goes on',
        request: { params: idParam },
        responses: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } } },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const found = await apps.batch(c.get('identity'), id);
        const lines = apps.batchCsv(c.get('identity'), id)[Symbol.asyncIterator]();
        const encoder = new TextEncoder();
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const next = await lines.next();
            if (next.done) controller.close();
            else controller.enqueue(encoder.encode(next.value));
          },
          async cancel() {
            await lines.return?.(undefined);
          },
        });
        return new Response(body, {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': contentDisposition(
              `${found.fileName.replace(/\.csv$/i, '')}-${found.app}.csv`,
            ),
          },
        }) as never;
      },
    );
}
