// POST /v1/embeddings: texts to vectors, as numbers or as base64 of little-endian float32, which OpenAI's JavaScript
// client asks for unless told otherwise.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import { createRouter, jsonBody, jsonContent, sourceOf } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

const MOST_INPUTS = 2048;

const embeddingRequestSchema = z.object({
  model: z.string().min(1).max(512),
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(MOST_INPUTS),
    z.array(z.union([z.number(), z.array(z.number())])).min(1),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).nullish(),
});

const embeddingResponseSchema = z.object({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.number(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number(), total_tokens: z.number() }),
});

function textsOf(input: z.infer<typeof embeddingRequestSchema>['input']): string[] {
  if (typeof input === 'string') return [input];
  if (input.every((one) => typeof one === 'string')) return input;
  throw new AtelierError(
    'invalid_request',
    'input: token numbers belong to another model’s vocabulary. Send the text.',
    { data: { param: 'input' } },
  );
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

/** @throws AtelierError invalid_request: a vector cut short is no vector of its model */
function checkDimensions(asked: number | null | undefined, has: number, model: string): void {
  if (asked === null || asked === undefined || asked === has) return;
  throw new AtelierError(
    'invalid_request',
    `dimensions: ${model} gives vectors of ${has} dimensions and no others; leave the field out.`,
    { data: { param: 'dimensions', model, dimensions: has } },
  );
}

export function openAiEmbeddingRoutes({ gateway, registry }: Pick<ApiServices, 'gateway' | 'registry'>) {
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/v1/embeddings',
      tags: ['openai'],
      summary: 'Vectors of texts, on the wire of OpenAI',
      request: { body: jsonBody(embeddingRequestSchema) },
      responses: { 200: jsonContent(embeddingResponseSchema, 'The vectors, in the order of the texts') },
    }),
    async (c) => {
      const { model, input, encoding_format, dimensions } = c.req.valid('json');
      const texts = textsOf(input);
      const context = { identity: c.get('identity'), source: sourceOf(c) };
      const { embeddings, usage, traceId } = await gateway.embed(model, texts, context, c.req.raw.signal);
      const { info } = await registry.resolve(model);
      checkDimensions(dimensions, embeddings[0]?.length ?? 0, info.id);
      const tokens = usage?.tokens ?? 0;
      return c.json(
        {
          object: 'list' as const,
          model: info.id,
          data: embeddings.map((vector, index) => ({
            object: 'embedding' as const,
            index,
            embedding: encoding_format === 'base64' ? toBase64(vector) : vector,
          })),
          usage: { prompt_tokens: tokens, total_tokens: tokens },
        },
        200,
        { 'x-atelier-trace-id': traceId },
      );
    },
  );
}
