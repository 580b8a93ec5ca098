// Conversations: a list, one with its message tree, changes, export, and a new message.
import { createRoute, z } from '@hono/zod-openapi';
import type { ConversationInput, SendInput } from '../../apps/chat/chat-service.ts';
import { conversationSchema, messagePartSchema, messageSchema } from '../../contracts/conversation.ts';
import { parametersSchema } from '../../contracts/model.ts';
import { contentDisposition } from '../content-disposition.ts';
import {
  clientOf,
  createRouter,
  idParam,
  idSchema,
  jsonBody,
  jsonContent,
  noContent,
  sent,
} from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

export const conversationInput = z.object({
  title: z.string().max(400).nullable().optional(),
  model: z.string().min(1).max(512).optional(),
  system: z.string().optional(),
  parameters: parametersSchema.optional(),
  knowledge: z.array(idSchema).max(64).optional().describe('Collections that answers are drawn from'),
  agent: z.string().max(64).nullable().optional().describe('Name of the agent that answers'),
  tools: z.array(z.string().max(64)).max(64).optional().describe('Tools that the assistant may use here'),
});
export const sendInput = z.object({
  parts: z.array(messagePartSchema).min(1),
  parentId: idSchema.nullable().optional().describe('null: a new branch at the root; absent: after the head'),
  model: z.string().min(1).max(512).optional().describe('For this answer only'),
  readAnyway: z
    .boolean()
    .optional()
    .describe('Read the passages that are found although they seem to hold no answer'),
});
export const sentSchema = z.object({
  conversation: conversationSchema,
  user: messageSchema.nullable(),
  assistant: messageSchema.describe('Its runId names the run that writes it'),
});

const path = '/atelier/v1/conversations';
const tags = ['conversations'];

export function conversationRoutes({ chat, access: { audit } }: Pick<ApiServices, 'chat' | 'access'>) {
  const conversation = jsonContent(conversationSchema, 'The conversation');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Conversations, newest first, or those that match a query',
        request: {
          query: z.object({
            query: z.string().max(500).optional(),
            cursor: z.string().max(512).optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: jsonContent(
            z.object({ conversations: z.array(conversationSchema), nextCursor: z.string().nullable() }),
            'A page of conversations',
          ),
        },
      }),
      async (c) => {
        const { query, cursor, limit } = c.req.valid('query');
        return c.json(
          await chat.list(c.get('identity'), {
            limit,
            ...(query ? { query } : {}),
            ...(cursor ? { cursor } : {}),
          }),
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Begin a conversation',
        request: { body: jsonBody(conversationInput) },
        responses: { 201: conversation },
      }),
      async (c) =>
        c.json(await chat.create(c.get('identity'), c.req.valid('json') as ConversationInput), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A conversation with the messages of all its branches, oldest first',
        request: { params: idParam },
        responses: {
          200: jsonContent(
            z.object({ conversation: conversationSchema, messages: z.array(messageSchema) }),
            'The conversation',
          ),
        },
      }),
      async (c) => c.json(await chat.get(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Rename, change model, system prompt or parameters, show another branch',
        request: {
          params: idParam,
          body: jsonBody(conversationInput.extend({ headId: idSchema.optional() })),
        },
        responses: { 200: conversation },
      }),
      async (c) =>
        c.json(
          await chat.update(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json') as ConversationInput & { headId?: string },
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Hide a conversation; it can be restored for 30 days',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await chat.remove(c.get('identity'), c.req.valid('param').id);
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
        responses: { 200: conversation },
      }),
      async (c) => c.json(await chat.restore(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/export`,
        tags,
        summary: 'A conversation as a file',
        request: {
          params: idParam,
          query: z.object({ format: z.enum(['markdown', 'json']).default('markdown') }),
        },
        responses: {
          200: {
            description: 'The file',
            content: { 'text/markdown': { schema: z.string() }, 'application/json': { schema: z.unknown() } },
          },
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { format } = c.req.valid('query');
        const text = await chat.export(c.get('identity'), id, format);
        const { conversation: exported } = await chat.get(c.get('identity'), id);
        await audit.record(c.get('identity'), 'conversation.export', id, { format });
        return new Response(text, {
          headers: {
            'content-type':
              format === 'json' ? 'application/json; charset=utf-8' : 'text/markdown; charset=utf-8',
            'content-disposition': contentDisposition(
              `${exported.title?.trim() || 'conversation'}.${format === 'json' ? 'json' : 'md'}`,
            ),
          },
        }) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/messages`,
        tags,
        summary: 'Send a message; its answer is written by a run',
        request: { params: idParam, body: jsonBody(sendInput) },
        responses: { 202: jsonContent(sentSchema, 'Both messages are stored; the answer is being written') },
      }),
      async (c) => {
        const message = { ...(sent(c.req.valid('json')) as SendInput), source: clientOf(c) };
        return c.json(await chat.send(c.get('identity'), c.req.valid('param').id, message), 202);
      },
    );
}
