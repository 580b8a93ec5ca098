// Which conversations a canary answers: a stable share of them. The same conversation always falls to the same side, and
// a larger share takes others in and lets none go.
import { createHash } from 'node:crypto';
import { mayAsk } from '../contracts/identity.ts';
import type { CallContext, ModelPlan } from './model-call.ts';
import type { ModelRegistry } from './registry.ts';

const BYTES = 6;

/** Where a key falls, from 0 to below 1; each canary draws anew, so that not the same people are always the first. */
export function placeOf(alias: string, model: string, key: string): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([alias, model, key]))
    .digest();
  return hash.readUIntBE(0, BYTES) / 2 ** (8 * BYTES);
}

/** Messages as every wire has them, or text. */
type Beginning = string | readonly { role?: unknown }[];

/**
 * What a call belongs to: its conversation, else its trace. A program that sends a conversation whole each time is
 * known by how it begins: its person, and everything up to the first turn of theirs.
 */
export function conversationKey(context: CallContext, messages: Beginning): string {
  const { conversationId, parent, identity } = context;
  if (conversationId !== undefined) return conversationId;
  if (parent !== undefined) return parent.traceId;
  const first = typeof messages === 'string' ? -1 : messages.findIndex(({ role }) => role === 'user');
  const begins = typeof messages === 'string' ? messages : messages.slice(0, first + 1 || 1);
  return `${identity.userId} ${JSON.stringify(begins)}`;
}

/** The plan of a call. A key that may not ask the canary asks what the alias names. @throws as `resolve` */
export async function planFor(
  registry: Pick<ModelRegistry, 'plan'>,
  asked: string,
  context: CallContext,
  key: () => string,
): Promise<ModelPlan> {
  const plan = await registry.plan(asked, key);
  const { identity } = context;
  if (plan.canary === undefined || mayAsk(identity, asked, plan.canary)) return plan;
  return registry.plan(asked);
}
