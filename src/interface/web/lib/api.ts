// One door to our own HTTP API: JSON in, JSON out, every fault an AtelierError.
import { AtelierError, type ErrorBody, errorFromBody } from '../../../contracts/errors.ts';

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export interface ApiOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A form is sent as it is, anything else as JSON. */
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
  /** The request outlives the page. */
  keepalive?: boolean;
  /** What stands before the path; our own API unless told. */
  base?: string;
}

/** A path with its query; absent and empty values are left out, a list is said value by value. */
export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(key, one);
    else if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

function isErrorBody(value: unknown): value is { error: ErrorBody } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'error' in value &&
    typeof value.error === 'object' &&
    value.error !== null &&
    'code' in value.error
  );
}

/**
 * Calls our own API; `path` is the part after `/atelier/v1`, such as `/models`.
 * @throws AtelierError with the server's code; `interrupted` with `data.offline` when no server answers.
 */
export async function api<T>(
  path: string,
  { method = 'GET', body, query, signal, keepalive, base = '/atelier/v1' }: ApiOptions = {},
): Promise<T> {
  const url = withQuery(`${base}${path}`, query);
  const form = body instanceof FormData ? body : null;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'x-atelier-client': 'web',
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ?? JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      ...(keepalive ? { keepalive } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new AtelierError('interrupted', 'Atelier does not answer. Is it still running?', {
      data: { offline: true },
      retryable: true,
      cause,
    });
  }
  const text = await response.text();
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new AtelierError('internal', `${url} sent something that is not JSON (${response.status}).`, {
      cause,
    });
  }
  if (!response.ok) {
    if (isErrorBody(value)) throw errorFromBody({ ...value.error, data: value.error.data ?? {} });
    throw new AtelierError('internal', `${url} answered ${response.status}.`, {
      data: { status: response.status },
    });
  }
  return value as T;
}
