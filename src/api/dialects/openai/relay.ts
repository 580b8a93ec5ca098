// Passes a request on as it is where the model's provider speaks this very wire, before anything of the body is judged:
// fields and parts that we do not know reach the provider, and its answer reaches the caller byte for byte.
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { CallContext, WireAnswer, WireDialect } from '../../../models/model-call.ts';
import { relayedResponse } from '../../relayed-response.ts';
import { sourceOf } from '../../route-parts.ts';
import type { ApiEnv, ApiServices } from '../../services.ts';
import { openAiHeaders } from './headers.ts';

/** Of the caller's headers, those that mean something to the provider. Never a key. */
const passed = ['openai-beta'];
const ONCE = 'idempotency-key';
/** Of the provider's, those that describe the body, and its own id of the call. */
const returned = ['content-type', 'openai-processing-ms', 'openai-version'];

export function contextOf(c: Context<ApiEnv>): CallContext {
  return { identity: c.get('identity'), source: sourceOf(c) };
}

export type WireBody = Record<string, unknown> & { model: string };

/** The body as it came, when it is an object that names a model; null leaves the judgement to the validator. */
export async function wireBody(c: Context<ApiEnv>): Promise<WireBody | null> {
  try {
    const body: unknown = JSON.parse(await c.req.text());
    // The validator that follows must not read it a second time.
    Object.assign(c.req.bodyCache, { json: Promise.resolve(body) });
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject && 'model' in body && typeof body.model === 'string' && body.model.length <= 512
      ? (body as WireBody)
      : null;
  } catch {
    return null;
  }
}

export async function tryRelay(
  c: Context<ApiEnv>,
  gateway: ApiServices['gateway'],
  dialect: WireDialect,
  body: WireBody,
): Promise<WireAnswer | null> {
  const headers = Object.fromEntries(
    passed.flatMap((name) => {
      const value = c.req.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const once = c.req.header(ONCE);
  // The provider knows one house: without the person another's answer could come back under the same word.
  if (once !== undefined)
    headers[ONCE] = createHash('sha256')
      .update(`${c.get('identity').userId} ${once}`)
      .digest('hex');
  return gateway.relay(body.model, { dialect, body, headers, signal: c.req.raw.signal }, contextOf(c));
}

export function toResponse(answer: WireAnswer, body = answer.body): Promise<Response> {
  const headers: Record<string, string> = {};
  for (const name of returned) {
    const value = answer.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  return relayedResponse({ status: answer.status, headers }, body, openAiHeaders(answer));
}
