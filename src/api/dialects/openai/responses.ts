// The Responses wire: POST /v1/responses plain, streamed or in the background, and the stored ones.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { type SseMessage, sseResponse } from '../../../lib/sse.ts';
import { allowedModel } from '../../allowed-model.ts';
import { createRouter, idParam, jsonBody, jsonContent } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { noteHeaders, openAiHeaders } from './headers.ts';
import { anyObject, listOf, listQuery } from './lists.ts';
import { contextOf } from './relay.ts';
import { createBackground, createForeground } from './responses/create-response.ts';
import { bodyOf, livesElsewhere, settled } from './responses/kept.ts';
import { createLiveResponses, type LiveResponse } from './responses/live-responses.ts';
import { prepare } from './responses/prepare.ts';
import { relayFirst } from './responses/relay-first.ts';
import type { ResponseObject } from './responses/response-object.ts';
import { responseRequestSchema, type StoredItem } from './responses/schema.ts';
import type { ResponseEvent } from './responses/write-response.ts';

type Services = Pick<ApiServices, 'gateway' | 'registry' | 'responses' | 'prompts' | 'store' | 'log'>;

async function* toSse(events: AsyncIterable<ResponseEvent>): AsyncGenerator<SseMessage> {
  for await (const { type, json } of events) yield { event: type, data: json };
}

type Found =
  | { running: LiveResponse }
  | {
      running?: undefined;
      response: ResponseObject;
      events: ResponseEvent[] | null;
      inputItems: StoredItem[];
    };

const flag = z.enum(['true', 'false']).optional();
const responseContent = {
  description: 'A response, or with stream: true its events',
  content: {
    'application/json': { schema: anyObject },
    'text/event-stream': { schema: z.string() },
  },
};

const missing = (id: string) =>
  new AtelierError(
    'not_found',
    `There is no response ${id}. It may have been deleted, have expired after 30 days, or not have been stored.`,
    { data: { id } },
  );

export function responseRoutes(services: Services, shutdown: AbortSignal) {
  const { gateway, registry, responses } = services;
  const live = createLiveResponses();
  const writing = { ...services, live, shutdown };

  /** What is under way, else what is stored. @throws AtelierError not_found, or where else it lives */
  async function find(userId: string, id: string): Promise<Found> {
    const running = live.get(userId, id);
    if (running !== null) return { running };
    const row = await responses.get(userId, id);
    if (row === null) throw missing(id);
    const body = bodyOf(row);
    if (body.relayed) throw livesElsewhere(row);
    const { response, events } = body;
    return {
      response: settled(response, row.elsewhere),
      events,
      inputItems: row.inputItems as StoredItem[],
    };
  }

  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/v1/responses',
        tags: ['openai'],
        summary: 'A response, on the wire of OpenAI',
        middleware: [relayFirst(services)] as const,
        request: { body: jsonBody(responseRequestSchema) },
        responses: { 200: responseContent },
      }),
      async (c) => {
        const request = c.req.valid('json');
        const caller = contextOf(c);
        const id = newId('resp');
        const prepared = await prepare(services, caller.identity, request, id);
        const context = prepared.kept === null ? caller : { ...caller, prompt: prepared.kept };
        const options = { id, request, prepared, context };
        const { signal } = c.req.raw;

        if (request.background) {
          const { live: begun, queued } = await createBackground(writing, options);
          const headers = noteHeaders(prepared.notes);
          if (!request.stream || begun.log === null) return c.json(queued, 200, headers) as never;
          const { log } = begun;
          return sseResponse((gone) => toSse(log.follow(-1, gone)), {
            signals: [signal, shutdown],
            headers,
          }) as never;
        }

        const {
          answer,
          events,
          failure,
          stop,
          live: begun,
        } = await createForeground(writing, options, signal);
        const headers = openAiHeaders(answer, prepared.notes);
        if (request.stream)
          return sseResponse(
            (gone) => {
              gone.addEventListener('abort', () => stop(gone.reason), { once: true });
              if (gone.aborted) stop(gone.reason);
              return toSse(events);
            },
            { signals: [signal], headers },
          ) as never;
        for await (const _ of events);
        const error = failure();
        if (error !== null && error.code !== 'cancelled') throw error;
        return c.json(begun.response, 200, headers) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/v1/responses/input_tokens',
        tags: ['openai'],
        summary: 'Tokens that a request would send',
        request: { body: jsonBody(responseRequestSchema) },
        responses: { 200: jsonContent(anyObject, 'The number') },
      }),
      async (c) => {
        const request = c.req.valid('json');
        const { model, options } = await prepare(services, c.get('identity'), request, newId('resp'));
        await allowedModel(registry, c.get('identity'), model);
        const tokens = await gateway.countTokens(model, options);
        if (tokens === null)
          throw new AtelierError(
            'invalid_request',
            `${model} runs elsewhere and does not tell how many tokens a prompt has before it is sent.`,
            { data: { param: 'model', model } },
          );
        return c.json({ object: 'response.input_tokens' as const, input_tokens: tokens }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/responses/{id}',
        tags: ['openai'],
        summary: 'A stored response; with stream=true the events of one that is written in the background',
        request: {
          params: idParam,
          query: z.object({ stream: flag, starting_after: z.coerce.number().int().min(0).optional() }),
        },
        responses: { 200: responseContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { stream, starting_after: after = -1 } = c.req.valid('query');
        const found = await find(c.get('identity').userId, id);
        const { response } = found.running ?? found;
        if (stream !== 'true') return c.json(response, 200) as never;
        const log = found.running?.log ?? null;
        const kept = found.running ? null : found.events;
        if (log === null && kept === null)
          throw new AtelierError(
            'invalid_request',
            `The events of ${id} are not kept: only those of responses with background: true are. Ask without stream.`,
            { data: { param: 'stream', id } },
          );
        return sseResponse(
          async function* (gone) {
            if (log !== null) yield* toSse(log.follow(after, gone));
            else
              for (const { number, type, json } of kept ?? [])
                if (number > after) yield { event: type, data: json };
          },
          { signals: [c.req.raw.signal, shutdown] },
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/v1/responses/{id}',
        tags: ['openai'],
        summary: 'Delete a stored response; one that is being written is cancelled',
        request: { params: idParam },
        responses: { 200: jsonContent(anyObject, 'Deleted') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { userId } = c.get('identity');
        const running = live.get(userId, id);
        if (running !== null) {
          running.deleted = true;
          running.cancel();
        }
        const removed = await responses.remove(userId, id);
        if (running === null && !removed) throw missing(id);
        return c.json({ id, object: 'response' as const, deleted: true }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/v1/responses/{id}/cancel',
        tags: ['openai'],
        summary: 'End a response that is being written; of one that has ended nothing changes',
        request: { params: idParam },
        responses: { 200: jsonContent(anyObject, 'The response as it ended') },
      }),
      async (c) => {
        const found = await find(c.get('identity').userId, c.req.valid('param').id);
        found.running?.cancel();
        await found.running?.ended;
        return c.json((found.running ?? found).response, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/responses/{id}/input_items',
        tags: ['openai'],
        summary: 'What was sent',
        request: { params: idParam, query: listQuery },
        responses: { 200: jsonContent(anyObject, 'A page of items') },
      }),
      async (c) => {
        const { after, before, limit, order } = c.req.valid('query');
        const found = await find(c.get('identity').userId, c.req.valid('param').id);
        const sent = (found.running ?? found).inputItems;
        const items = order === 'desc' ? sent.toReversed() : sent;
        const from = after === undefined ? 0 : items.findIndex((item) => item.id === after) + 1;
        const end = before === undefined ? -1 : items.findIndex((item) => item.id === before);
        const rest = items.slice(from, end < 0 ? undefined : end);
        return c.json(listOf(rest.slice(0, limit), rest.length > limit), 200);
      },
    );
}
