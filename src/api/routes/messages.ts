// What is done to one message: answer again, rate; and how many tokens a message would take.
import { createRoute, z } from '@hono/zod-openapi';
import type { ConversationInput, SendInput } from '../../apps/chat/chat-service.ts';
import { ratingInputSchema, scoreSchema } from '../../contracts/score.ts';
import { clientOf, createRouter, idParam, idSchema, jsonBody, jsonContent, sent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';
import { conversationInput, sendInput, sentSchema } from './conversations.ts';

const tags = ['conversations'];

export function messageRoutes({ chat }: ApiServices) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/messages/{id}/regenerate',
        tags,
        summary: 'Another answer beside this one, by the same or another model',
        request: {
          params: idParam,
          body: { ...jsonBody(sendInput.pick({ model: true, readAnyway: true })), required: false },
        },
        responses: { 202: jsonContent(sentSchema, 'The new answer is being written') },
      }),
      async (c) =>
        c.json(
          await chat.regenerate(c.get('identity'), c.req.valid('param').id, {
            ...sent(c.req.valid('json')),
            source: clientOf(c),
          }),
          202,
        ),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/messages/{id}/rating',
        tags,
        summary: 'Rate an answer, with a reason and a better answer if there is one',
        request: { params: idParam, body: jsonBody(ratingInputSchema) },
        responses: {
          200: jsonContent(z.object({ score: scoreSchema.nullable() }), 'The rating; null when taken back'),
        },
      }),
      async (c) =>
        c.json(
          { score: await chat.rate(c.get('identity'), c.req.valid('param').id, c.req.valid('json')) },
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/count',
        tags,
        summary: 'Tokens that a message would take with all that goes before it',
        request: {
          body: jsonBody(
            sendInput.extend({
              conversationId: idSchema.nullable().optional(),
              system: z.string().optional(),
              ...conversationInput.pick({ knowledge: true, agent: true, tools: true }).shape,
            }),
          ),
        },
        responses: {
          200: jsonContent(
            z.object({
              tokens: z.number().nullable(),
              contextLength: z.number().nullable(),
              passageTokens: z.number().nullable().describe('Of found passages, beside tokens; at most'),
              by: z
                .enum(['model', 'knowledge', 'agent'])
                .describe('What tools of an agent find is not counted'),
            }),
            'null where it cannot be known',
          ),
        },
      }),
      async (c) => {
        const { conversationId, ...input } = c.req.valid('json');
        return c.json(
          await chat.count(c.get('identity'), conversationId ?? null, input as SendInput & ConversationInput),
          200,
        );
      },
    );
}
