// POST /v1/messages/count_tokens: as the model reads the prompt, template and all. A remote model cannot be asked; then
// the count is an estimate, and both the body and a header say so: clients size their context by it.

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { createRoute, z } from '@hono/zod-openapi';
import type { Gateway } from '../../../models/gateway.ts';
import { allowedModel } from '../../allowed-model.ts';
import { createRouter, jsonBody, jsonContent } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { toPromptOptions } from './request.ts';
import { promptSchema } from './schema.ts';

/** Of English text and code; what most tokenizers come near to. */
const CHARACTERS_PER_TOKEN = 4;

/** What the answer's first event says; a count that fails must not fail the answer. */
export const inputTokensOf = (
  gateway: Gateway,
  model: string,
  options: LanguageModelV4CallOptions,
): Promise<number | null> => gateway.countTokens(model, options).catch(() => null);

/** Texts, schemas and inputs of tools; an image counts as nothing, because its cost depends on the model. */
function estimate({ prompt, tools }: LanguageModelV4CallOptions): number {
  const texts: string[] = [];
  for (const message of prompt) {
    if (typeof message.content === 'string') texts.push(message.content);
    else
      for (const part of message.content) {
        if (part.type === 'text' || part.type === 'reasoning') texts.push(part.text);
        else if (part.type === 'tool-call') texts.push(JSON.stringify(part.input));
        else if (part.type === 'tool-result' && part.output.type !== 'content')
          texts.push(JSON.stringify(part.output));
      }
  }
  const characters = texts.reduce((sum, text) => sum + text.length, JSON.stringify(tools ?? []).length);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

export function countTokensRoutes({ gateway, registry }: Pick<ApiServices, 'gateway' | 'registry'>) {
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/v1/messages/count_tokens',
      tags: ['anthropic'],
      summary: 'Tokens of a prompt, on the wire of Anthropic',
      request: { body: jsonBody(promptSchema) },
      responses: {
        200: jsonContent(
          z.object({
            input_tokens: z.number(),
            estimated: z
              .literal(true)
              .optional()
              .describe('The model cannot count: from the length of the text'),
          }),
          'The count',
        ),
      },
    }),
    async (c) => {
      const request = c.req.valid('json');
      const { options } = toPromptOptions(request);
      await allowedModel(registry, c.get('identity'), request.model);
      const counted = await gateway.countTokens(request.model, {
        ...options,
        abortSignal: c.req.raw.signal,
      });
      if (counted !== null) return c.json({ input_tokens: counted }, 200);
      const warning = `${request.model} cannot count tokens; this is an estimate from the length of the text.`;
      return c.json({ input_tokens: estimate(options), estimated: true as const }, 200, {
        'x-atelier-warning': warning.replace(/[^\x20-\x7e]+/g, ' '),
      });
    },
  );
}
