// POST /v1/messages. A model whose provider speaks this wire itself gets the body as it came; any other is asked through
// the gateway's contract.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { toAtelierError } from '../../../contracts/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { sseResponse } from '../../../lib/sse.ts';
import type { CallContext, WireAnswer } from '../../../models/model-call.ts';
import { checked, jsonOf } from '../../read-json.ts';
import { relayedResponse } from '../../relayed-response.ts';
import { createRouter, jsonBody, sourceOf } from '../../route-parts.ts';
import type { ApiEnv, ApiServices } from '../../services.ts';
import { readBlocks } from './blocks.ts';
import { inputTokensOf } from './count-tokens.ts';
import { messageHeaders } from './headers.ts';
import { toCallOptions, wantsOneTool } from './request.ts';
import { collectMessage, type MessageHead } from './response.ts';
import { type MessageRequest, messageRequestSchema } from './schema.ts';
import { messageEvents } from './stream.ts';
import { isRecent } from './version.ts';

type Services = Pick<ApiServices, 'gateway' | 'log'>;

/** What the dialect's own provider may know from its caller. Never a key. */
const relayed = ['anthropic-version', 'anthropic-beta'] as const;

const anyBody = z.looseObject({ model: z.string().min(1).max(512) });

async function relay({ gateway }: Services, c: Context<ApiEnv>, body: unknown, context: CallContext) {
  const read = anyBody.safeParse(body);
  if (!read.success) return null;
  const headers = Object.fromEntries(
    relayed.flatMap((name) => {
      const value = c.req.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return gateway.relay(
    read.data.model,
    { dialect: 'anthropic-messages', body: read.data, headers, signal: c.req.raw.signal },
    context,
  );
}

const passOn = (answer: WireAnswer): Promise<Response> =>
  relayedResponse(answer, answer.body, messageHeaders(answer));

/** Flags switch on what only Anthropic's servers have. */
function betaNote(c: Context<ApiEnv>): string[] {
  const betas = c.req.header('anthropic-beta');
  return betas ? [`anthropic-beta has no meaning for this model: ${betas}.`] : [];
}

async function answer(
  { gateway, log }: Services,
  c: Context<ApiEnv>,
  request: MessageRequest,
  context: CallContext,
): Promise<Response> {
  const { options, notes } = toCallOptions(request);
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([stop.signal, c.req.raw.signal]);
  const call = { ...options, abortSignal };
  const streamed = await gateway.stream(request.model, call, context);
  // After it is known that the key may ask this model: counting brings a local one into memory.
  const counting = request.stream ? inputTokensOf(gateway, request.model, call) : null;
  const head: MessageHead = { id: newId('msg'), model: streamed.model.id, recent: isRecent(c) };
  const headers = messageHeaders(streamed, [...notes, ...betaNote(c)]);
  const events = readBlocks(streamed.stream, { oneTool: wantsOneTool(request) });
  const facts = { stopSequences: options.stopSequences ?? [], maxTokens: request.max_tokens };

  if (!request.stream) return c.json(await collectMessage(head, events, facts), 200, headers);
  const inputTokens = await counting;
  const requestId = c.get('requestId');
  return sseResponse(
    async function* (signal) {
      signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
      if (signal.aborted) stop.abort(signal.reason);
      yield* messageEvents(head, events, {
        ...facts,
        inputTokens,
        requestId,
        onError: (error) =>
          log.warn('a streamed message failed', { code: toAtelierError(error).code, id: requestId }),
      });
    },
    { signals: [c.req.raw.signal], headers },
  );
}

export function messageRoutes(services: Services) {
  const router = createRouter();
  // Described, and not checked, before it is known whether the body is passed on.
  router.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/messages',
    tags: ['anthropic'],
    summary: 'A message on the wire of Anthropic',
    request: { body: jsonBody(messageRequestSchema) },
    responses: {
      200: {
        description: 'A message, or with stream: true its events',
        content: {
          'application/json': { schema: z.record(z.string(), z.unknown()) },
          'text/event-stream': { schema: z.string() },
        },
      },
    },
  });
  router.post('/v1/messages', async (c) => {
    const body = await jsonOf(c);
    const context: CallContext = { identity: c.get('identity'), source: sourceOf(c) };
    const passed = await relay(services, c, body, context);
    if (passed !== null) return passOn(passed);
    return answer(services, c, checked(messageRequestSchema, body), context);
  });
  return router;
}
