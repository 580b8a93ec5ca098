// A JSON body whatever its content type says, for wires whose clients do not say it (curl -d), or whose body is passed on
// before it is checked.
import type { Context } from 'hono';
import type { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';
import { validationError } from './errors.ts';
import type { ApiEnv } from './services.ts';

/** @throws AtelierError invalid_request */
export async function jsonOf(c: Context<ApiEnv>): Promise<unknown> {
  const text = await c.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AtelierError('invalid_request', `The body is not valid JSON: ${reason}.`, {
      cause,
      data: { param: null },
    });
  }
}

/** @throws AtelierError invalid_request whose `data.param` names the field */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const { data, error } = schema.safeParse(value);
  if (error) throw validationError(error.issues);
  return data as z.infer<S>;
}
