// The playground: one answer with its log-probabilities, and the distribution of the next token.
import { createRoute } from '@hono/zod-openapi';
import { answerMessages } from '../../apps/prompts/answer-messages.ts';
import { nextTokens } from '../../apps/prompts/next-tokens.ts';
import { answerOrderSchema, nextTokensOrderSchema, nextTokensSchema } from '../../contracts/playground.ts';
import { answerResponse } from '../answer-response.ts';
import { createRouter, eventStream, jsonBody, jsonContent, sourceOf } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/playground';
const tags = ['playground'];

export function playgroundRoutes(
  { gateway, registry }: Pick<ApiServices, 'gateway' | 'registry'>,
  shutdown: AbortSignal,
) {
  const parts = { gateway, registry };
  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/answer`,
        tags,
        summary: 'An answer as it is written, with the probabilities of its tokens',
        description:
          'Each event is an AnswerEvent; an error is the event `error` with an ErrorBody, and the last.',
        request: { body: jsonBody(answerOrderSchema) },
        responses: { 200: eventStream },
      }),
      async (c) => {
        const leave = new AbortController();
        const signal = AbortSignal.any([c.req.raw.signal, shutdown, leave.signal]);
        const context = { identity: c.get('identity'), source: sourceOf(c) };
        const answer = answerMessages(parts, c.req.valid('json'), context, signal);
        return (await answerResponse(answer, leave, AbortSignal.any([c.req.raw.signal, shutdown]))) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/next-tokens`,
        tags,
        summary: 'What a model would write next, with the probability of each token',
        description:
          'Of a local model the true distribution over its vocabulary, at temperature 1 and without filters.',
        request: { body: jsonBody(nextTokensOrderSchema) },
        responses: { 200: jsonContent(nextTokensSchema, 'The likeliest tokens, and the rest as one figure') },
      }),
      async (c) =>
        c.json(
          await nextTokens(
            parts,
            c.req.valid('json'),
            { identity: c.get('identity'), source: sourceOf(c) },
            c.req.raw.signal,
          ),
          200,
        ),
    );
}
