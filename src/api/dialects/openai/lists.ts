// The list envelope of the OpenAI wire, and the words of its cursors.
import { z } from '@hono/zod-openapi';

export const listQuery = z.object({
  after: z.string().max(512).optional().describe('The last id of the page before'),
  before: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export function listOf<T extends { id: string }>(data: readonly T[], more: boolean) {
  return {
    object: 'list' as const,
    data: [...data],
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: more,
  };
}

/** Bodies of this wire are given as they are: their exact shape is the wire's, in docs of its own. */
export const anyObject = z.record(z.string(), z.unknown());
export const seconds = (ms: number): number => Math.floor(ms / 1000);
