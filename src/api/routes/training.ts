// Training: what can be trained, what a run will take, and runs with their events as they come.
import { createRoute, z } from '@hono/zod-openapi';
import {
  storedTrainingEventSchema,
  trainingEstimateSchema,
  trainingInputSchema,
  trainingRunSchema,
} from '../../contracts/training.ts';
import { sseHeaders, sseResponse } from '../../lib/sse.ts';
import { recordTraining } from '../learning-audit.ts';
import {
  createRouter,
  eventStream,
  idParam,
  idSchema,
  jsonBody,
  jsonContent,
  newestQuery,
  noContent,
  sent,
} from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/training';
const tags = ['training'];

const baseFactsSchema = z.object({
  model: z.string().describe('local/{name}'),
  displayName: z.string(),
  parameters: z.number(),
  quantisation: z.string(),
  contextLength: z.number().int().nullable(),
  weightBytes: z.number().describe('Of the f32 weights that training reads'),
  keptBytes: z.number().describe('What those weights take on the disk now; 0: they are made at need'),
  trainable: z.boolean(),
  reason: z.string().nullable().describe('Why it cannot be trained'),
});

/** `shutdown` ends the streams of a server that stops. */
export function trainingRoutes(
  { learning: { trainings, bases }, access: { audit } }: Pick<ApiServices, 'learning' | 'access'>,
  shutdown: AbortSignal,
) {
  const run = jsonContent(trainingRunSchema, 'The run');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/bases`,
        tags,
        summary: 'Local models, and which of them can be trained',
        responses: { 200: jsonContent(z.object({ bases: z.array(baseFactsSchema) }), 'The models') },
      }),
      async (c) => {
        const all = await bases.list();
        const shown = await Promise.all(
          all.map(async ({ model, displayName, parameters, quantisation, config, reason, weightBytes }) => ({
            model,
            displayName,
            parameters,
            quantisation,
            contextLength: config?.contextLength ?? null,
            weightBytes,
            keptBytes: await bases.keptBytes(model),
            trainable: config !== null,
            reason,
          })),
        );
        return c.json({ bases: shown }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/bases`,
        tags,
        summary: 'Free the room of a base’s f32 weights; the next run makes them again',
        description: 'Refused (409) while a run reads them.',
        request: { query: z.object({ model: z.string().max(200).describe('local/{name}') }) },
        responses: { 200: jsonContent(z.object({ freedBytes: z.number() }), 'What is free now') },
      }),
      async (c) => {
        const { model } = c.req.valid('query');
        const freedBytes = await bases.free(model);
        await audit.record(c.get('identity'), 'training.free', model, { freedBytes });
        return c.json({ freedBytes }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/estimate`,
        tags,
        summary: 'What a run will take, and every reason not to start it',
        request: { body: jsonBody(trainingInputSchema) },
        responses: { 200: jsonContent(trainingEstimateSchema, 'The estimate') },
      }),
      async (c) =>
        c.json(await trainings.estimate(c.get('identity'), c.req.valid('json'), c.req.raw.signal), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Runs, newest first',
        request: { query: newestQuery },
        responses: {
          200: jsonContent(
            z.object({ runs: z.array(trainingRunSchema), nextCursor: z.string().nullable() }),
            'A page of runs',
          ),
        },
      }),
      async (c) => c.json(await trainings.list(c.get('identity'), sent(c.req.valid('query'))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Start a run; it waits while another one is under way',
        request: { body: jsonBody(trainingInputSchema) },
        responses: { 201: run },
      }),
      async (c) => {
        const who = c.get('identity');
        const started = await trainings.start(who, c.req.valid('json'));
        await recordTraining(audit, who, 'start', started);
        return c.json(started, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A run',
        request: { params: idParam },
        responses: { 200: run },
      }),
      async (c) => c.json(await trainings.get(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove a run that has ended; a tuned model that came of it stays',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const who = c.get('identity');
        const removed = await trainings.get(who, c.req.valid('param').id);
        await trainings.remove(who, removed.id);
        await recordTraining(audit, who, 'remove', removed);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/history`,
        tags,
        summary: 'All events of a run so far',
        request: { params: idParam },
        responses: {
          200: jsonContent(z.object({ events: z.array(storedTrainingEventSchema) }), 'The events in order'),
        },
      }),
      async (c) =>
        c.json({ events: await trainings.events(c.get('identity'), c.req.valid('param').id) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/events`,
        tags,
        summary: 'The events of a run after a number, then live ones until it ends',
        description: 'Each event has its number as `id`. Last-Event-ID works like `after`.',
        request: {
          params: idParam,
          query: z.object({ after: z.coerce.number().int().min(0).optional() }),
          headers: z.object({ 'last-event-id': z.string().optional() }),
        },
        responses: { 200: eventStream },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const who = c.get('identity');
        // A reconnecting EventSource keeps the address and adds its header, so the header is the newer of the two.
        const last = /^\d{1,15}$/.exec(c.req.header('last-event-id') ?? '')?.[0];
        const after = last === undefined ? (c.req.valid('query').after ?? 0) : Number(last);
        await trainings.get(who, id);
        if (c.req.raw.method === 'HEAD') return c.body(null, 200, sseHeaders()) as never;
        return sseResponse(
          async function* (signal) {
            for await (const event of trainings.watch(who, id, after, signal))
              yield { id: String(event.seq), data: JSON.stringify(event) };
          },
          { signals: [c.req.raw.signal, shutdown] },
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/{action}`,
        tags,
        summary: 'Pause, resume or cancel a run',
        request: { params: z.object({ id: idSchema, action: z.enum(['pause', 'resume', 'cancel']) }) },
        responses: { 200: run },
      }),
      async (c) => {
        const { id, action } = c.req.valid('param');
        const who = c.get('identity');
        const changed = await trainings[action](who, id);
        if (action === 'cancel') await recordTraining(audit, who, action, changed);
        return c.json(changed, 200);
      },
    );
}
