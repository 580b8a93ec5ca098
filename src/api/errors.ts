// The one table from error code to HTTP status, and the shape of errors on our own routes. Dialects only re-shape.
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import { AtelierError, type ErrorCode, errorCodes, toAtelierError } from '../contracts/errors.ts';
import type { ApiEnv } from './services.ts';

/**
 * Total: a new code does not compile without its row.
 * 409 and 5xx are tried again by common clients unless `x-should-retry` says no, so a fault of the caller is never one.
 * A key that a remote provider refused is ours and not the caller's, hence 502 and not 401.
 */
export const httpStatus: Record<ErrorCode, number> = {
  invalid_request: 400,
  not_found: 404,
  conflict: 409,
  unauthorized: 401,
  forbidden: 403,
  host_not_allowed: 403,
  origin_not_allowed: 403,
  payload_too_large: 413,
  unsupported_media_type: 415,
  model_not_found: 404,
  model_not_installed: 404,
  model_loading: 503,
  model_failed: 500,
  invalid_model_file: 400,
  context_overflow: 400,
  unsupported_content: 400,
  insufficient_memory: 503,
  training_failed: 500,
  rate_limited: 429,
  budget_exceeded: 402,
  provider_rejected: 400,
  provider_unauthorized: 502,
  provider_rate_limited: 429,
  provider_failed: 502,
  provider_unreachable: 502,
  cancelled: 499,
  download_failed: 502,
  download_corrupt: 502,
  source_unavailable: 503,
  document_encrypted: 422,
  document_broken: 422,
  document_empty: 422,
  document_too_large: 413,
  document_unsupported: 415,
  document_timeout: 422,
  storage_full: 507,
  storage_failed: 500,
  store_newer: 500,
  store_locked: 503,
  tool_not_found: 404,
  tool_input_invalid: 400,
  tool_failed: 502,
  app_failed: 502,
  timed_out: 504,
  address_refused: 403,
  fetch_failed: 502,
  response_too_large: 502,
  path_refused: 400,
  workspace_full: 507,
  interrupted: 503,
  internal: 500,
};

/** Codes whose call may succeed later whatever their thrower said. */
const retryable: ReadonlySet<ErrorCode> = new Set(['model_loading', 'rate_limited', 'provider_rate_limited']);

export function statusOf(error: AtelierError): number {
  return httpStatus[error.code in errorCodes ? error.code : 'internal'];
}

/** `retry-after` where the data or the code says when, `x-should-retry` where clients would decide by status alone. */
export function errorHeaders(error: AtelierError): Record<string, string> {
  const status = statusOf(error);
  const headers: Record<string, string> = {};
  const retry = error.retryable || retryable.has(error.code);
  if (status === 402 || status === 409 || status === 429 || status >= 499)
    headers['x-should-retry'] = String(retry);
  const seconds = error.data.retryAfterSeconds;
  if (typeof seconds === 'number' && seconds >= 0) headers['retry-after'] = String(Math.ceil(seconds));
  else if (error.code === 'model_loading') headers['retry-after'] = '2';
  return headers;
}

interface Fault {
  path: string;
  message: string;
}

/** `messages[0].content`, as a person would write it. */
function faultPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

/** Of a union, the branch that came closest says what is wrong: the one whose fault lies deepest. */
function faultsOf(issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const depth = (branch: readonly z.core.$ZodIssue[]) =>
        Math.max(...branch.map((inner) => inner.path.length));
      const closest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
      if (depth(closest) > 0) return faultsOf(closest, path);
      const wanted = issue.errors.flatMap(([inner]) =>
        inner?.code === 'invalid_type' ? [inner.expected] : [],
      );
      if (wanted.length === issue.errors.length)
        return [{ path: faultPath(path), message: `expected ${wanted.join(' or ')}` }];
    }
    return [{ path: faultPath(path), message: issue.message }];
  });
}

/** @returns invalid_request that names the first faults; `data.param` is the first one's path */
export function validationError(issues: readonly z.core.$ZodIssue[]): AtelierError {
  const faults = faultsOf(issues);
  const first = faults
    .slice(0, 3)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = faults.length > 3 ? ` (and ${faults.length - 3} more)` : '';
  return new AtelierError('invalid_request', `The request is not valid. ${first.join('; ')}${more}`, {
    data: { param: faults[0]?.path ?? null, faults: faults.slice(0, 20) },
  });
}

/** Any thrown value on its way out, Hono's own exceptions included. */
export async function errorOf(thrown: unknown, c: Context<ApiEnv>): Promise<AtelierError> {
  if (!(thrown instanceof HTTPException)) return toAtelierError(thrown);
  if (thrown.status === 415) {
    return new AtelierError(
      'unsupported_media_type',
      `This address reads JSON: send the header content-type: application/json (got ${c.req.header('content-type') ?? 'none'}).`,
      { data: { contentType: c.req.header('content-type') ?? null } },
    );
  }
  let reason = thrown.message;
  try {
    JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof SyntaxError) reason = error.message;
  }
  return new AtelierError('invalid_request', `The body is not valid JSON: ${reason}.`, {
    data: { param: null },
  });
}

/** The shape of our own routes: `{ error: ErrorBody }`. */
export function ownErrorBody(error: AtelierError): unknown {
  return {
    error: { code: error.code, message: error.message, data: error.data, retryable: error.retryable },
  };
}
