// What the API's description says of Ollama's addresses. Their bodies are read whatever content type they say (curl -d).
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { jsonBody } from '../../route-parts.ts';
import type { ApiEnv } from '../../services.ts';
import { chatSchema, embeddingsSchema, embedSchema, generateSchema, namedSchema } from './schema.ts';

const tags = ['ollama'];

const posts = {
  chat: [chatSchema, 'A chat, as lines of JSON unless stream is false'],
  generate: [generateSchema, 'A prompt, as lines of JSON unless stream is false'],
  embed: [embedSchema, 'Vectors of texts'],
  embeddings: [embeddingsSchema, 'The vector of one text, as older clients ask'],
  show: [namedSchema, 'What is known of a model'],
  pull: [namedSchema, 'Fetch a model, told as it goes'],
} as const;

const gets = {
  tags: 'Models that can answer now',
  ps: 'Models that are in memory',
  version: 'The version of Atelier',
} as const;

export function describeRoutes(router: OpenAPIHono<ApiEnv>): void {
  const answer = { content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } } };
  for (const [name, [schema, summary]] of Object.entries(posts))
    router.openAPIRegistry.registerPath({
      method: 'post',
      path: `/api/${name}`,
      tags,
      summary,
      request: { body: jsonBody(schema) },
      responses: { 200: { description: summary, ...answer } },
    });
  for (const [name, summary] of Object.entries(gets))
    router.openAPIRegistry.registerPath({
      method: 'get',
      path: `/api/${name}`,
      tags,
      summary,
      responses: { 200: { description: summary, ...answer } },
    });
}
