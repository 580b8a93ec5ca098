// POST /v1/chat/completions: the request becomes calls through the gateway, one a choice, under one trace.

import { createRoute, z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { toAtelierError } from '../../../contracts/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { sseResponse } from '../../../lib/sse.ts';
import { createRouter, jsonBody } from '../../route-parts.ts';
import type { ApiEnv, ApiServices } from '../../services.ts';
import { openAiHeaders } from './headers.ts';
import { contextOf, toResponse, tryRelay, wireBody } from './relay.ts';
import { toCallOptions } from './request.ts';
import { type AnswerHead, chatCompletion, collectChoice, fingerprint, sumUsage } from './response.ts';
import { chatRequestSchema } from './schema.ts';
import { openCalls } from './several-calls.ts';
import { chunks } from './stream.ts';

type Services = Pick<ApiServices, 'gateway' | 'ledger' | 'version' | 'log'>;

const relayFirst = ({ gateway }: Services) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const body = await wireBody(c);
    const answer = body === null ? null : await tryRelay(c, gateway, 'openai-chat', body);
    if (answer === null) return next();
    return toResponse(answer);
  });

export function chatCompletionRoutes(services: Services) {
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/v1/chat/completions',
      tags: ['openai'],
      summary: 'Chat on the wire of OpenAI',
      middleware: [relayFirst(services)] as const,
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
      const { first, choices, stop } = await openCalls(services, {
        model: request.model,
        // The same seed would write the same answer n times.
        calls: Array.from({ length: n }, (_, choice) =>
          options.seed === undefined ? options : { ...options, seed: options.seed + choice },
        ),
        context: contextOf(c),
        name: `chat ${request.model} (${n} choices)`,
        signal: c.req.raw.signal,
      });
      const head: AnswerHead = {
        id: newId('chatcmpl'),
        created: Math.floor(Date.now() / 1000),
        model: first.model.id,
        system_fingerprint: fingerprint(services.version, first.model.id),
      };
      const wantsLogprobs = request.logprobs ?? false;
      const headers = openAiHeaders(first);

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
          stop();
          throw error;
        }
      }
      return sseResponse(
        async function* (signal) {
          signal.addEventListener('abort', () => stop(signal.reason), { once: true });
          if (signal.aborted) stop(signal.reason);
          yield* chunks(head, choices, {
            wantsLogprobs,
            includeUsage: request.stream_options?.include_usage ?? false,
            onError: (error) => {
              stop();
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
