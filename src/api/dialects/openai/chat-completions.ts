// POST /v1/chat/completions: the request becomes calls through the gateway, one a choice, under one trace.

import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { sseResponse } from '../../../lib/sse.ts';
import type { CallContext, ModelStream } from '../../../models/model-call.ts';
import type { OpenSpan } from '../../../monitoring/ledger.ts';
import { createRouter, jsonBody } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { type ChoiceEvent, readChoice } from './choice.ts';
import { toCallOptions } from './request.ts';
import { type AnswerHead, chatCompletion, collectChoice, fingerprint, sumUsage } from './response.ts';
import { chatRequestSchema } from './schema.ts';
import { chunks } from './stream.ts';

type Services = Pick<ApiServices, 'gateway' | 'ledger' | 'version' | 'log'>;

/** Several choices of one request hang below one span, so that they are one trace; a single call is its own root. */
function openRoot({ ledger }: Services, model: string, n: number, context: CallContext): OpenSpan | null {
  if (n === 1) return null;
  return ledger.startSpan({
    name: `chat ${model} (${n} choices)`,
    kind: 'request',
    userId: context.identity.userId,
    source: context.source,
  });
}

async function* endRoot(
  events: AsyncIterable<ChoiceEvent>,
  done: (error: unknown) => void,
): AsyncGenerator<ChoiceEvent> {
  let failure: unknown = new AtelierError('cancelled', 'The call was cancelled.');
  try {
    for await (const event of events) {
      // A reader may leave at the end of the answer without asking for more.
      if (event.type === 'finish') failure = null;
      yield event;
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    done(failure);
  }
}

/** Ends the root when the last choice has ended, with the first failure if there was one. */
function watchRoot(root: OpenSpan | null, n: number, model: string | null): (error: unknown) => void {
  let open = n;
  let first: unknown = null;
  return (error) => {
    first ??= error;
    if (--open > 0 || root === null) return;
    if (first === null) return root.end({ status: 'ok', model });
    const known = toAtelierError(first);
    root.end({ status: known.code === 'cancelled' ? 'cancelled' : 'error', error: known.toJSON(), model });
  };
}

export function chatCompletionRoutes(services: Services) {
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/v1/chat/completions',
      tags: ['openai'],
      summary: 'Chat on the wire of OpenAI',
      request: { body: jsonBody(chatRequestSchema) },
      responses: {
        200: {
          description: 'A chat.completion, or with stream: true its chunks',
          content: {
            'application/json': { schema: z.record(z.string(), z.unknown()) },
            'text/event-stream': { schema: z.string() },
          },
        },
      },
    }),
    async (c) => {
      const request = c.req.valid('json');
      const n = request.n ?? 1;
      const options = toCallOptions(request);

      const stop = new AbortController();
      const abortSignal = AbortSignal.any([stop.signal, c.req.raw.signal]);
      const context: CallContext = {
        identity: c.get('identity'),
        source: c.req.header('x-atelier-client') === 'cli' ? 'cli' : 'api',
      };
      const root = openRoot(services, request.model, n, context);
      const call = (choice: number) =>
        services.gateway.stream(
          request.model,
          // The same seed would write the same answer n times.
          { ...options, abortSignal, ...(options.seed === undefined ? {} : { seed: options.seed + choice }) },
          root === null ? context : { ...context, parent: { traceId: root.traceId, spanId: root.spanId } },
        );
      let streams: ModelStream[];
      try {
        streams = await Promise.all(Array.from({ length: n }, (_, choice) => call(choice)));
      } catch (error) {
        stop.abort();
        watchRoot(root, 1, null)(error);
        throw error;
      }

      const [first] = streams as [ModelStream];
      const head: AnswerHead = {
        id: newId('chatcmpl'),
        created: Math.floor(Date.now() / 1000),
        model: first.model.id,
        system_fingerprint: fingerprint(services.version, first.model.id),
      };
      const done = watchRoot(root, n, first.model.id);
      const choices = streams.map(({ stream }) => endRoot(readChoice(stream), done));
      const wantsLogprobs = request.logprobs ?? false;
      const headers = { 'x-atelier-trace-id': first.traceId };

      if (!request.stream) {
        try {
          const answers = await Promise.all(
            choices.map((events, index) => collectChoice(events, index, wantsLogprobs)),
          );
          const usage = sumUsage(answers.map((answer) => answer.usage));
          return c.json(
            chatCompletion(
              head,
              answers.map(({ choice }) => choice),
              usage,
            ),
            200,
            headers,
          ) as never;
        } catch (error) {
          stop.abort();
          throw error;
        }
      }
      return sseResponse(
        async function* (signal) {
          signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
          if (signal.aborted) stop.abort(signal.reason);
          yield* chunks(head, choices, {
            wantsLogprobs,
            includeUsage: request.stream_options?.include_usage ?? false,
            onError: (error) => {
              stop.abort();
              services.log.warn('a streamed answer failed', {
                code: toAtelierError(error).code,
                id: c.get('requestId'),
              });
            },
          });
        },
        { signals: [c.req.raw.signal], headers },
      ) as never;
    },
  );
}
