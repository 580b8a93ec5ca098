// `fetch` for the AI SDK over our own HTTP client: proxies and certificates of the machine, no redirects, and a clear
// error where an endpoint answers something else than what was asked for.
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Http, HttpResponse } from '../../../lib/http.ts';
import { type EndpointFacts, redact } from './provider-errors.ts';

/** A model may think for minutes before its first byte, and between two of them. */
const ANSWER_TIMEOUT_MS = 600_000;
const noBody = [101, 204, 205, 304];

/** Loopback addresses never go through a proxy, whatever the environment says. */
export function directLoopback(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = env.no_proxy ?? env.NO_PROXY;
  const all = [own, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',');
  return { ...env, NO_PROXY: all, no_proxy: all };
}

export function refuseRedirect(status: number, location: string | undefined, facts: EndpointFacts): void {
  if (status < 300 || status > 399 || status === 304) return;
  throw new AtelierError(
    'provider_rejected',
    `${facts.host} sends the request on to another address${location ? ` (${redact(location, facts.secrets)})` : ''}. Enter that address for the endpoint “${facts.id}”; keys are not sent along.`,
    { data: { provider: facts.id, host: facts.host, status } },
  );
}

/** An idle connection that the endpoint has closed meanwhile says so at once. */
const STALE_WITHIN_MS = 1000;

/** Whether the connection died before any byte of the answer: the request may go out once more, on a new one. */
function diedIdle(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code);
}

/** What stands in place of a key for adapters that insist on one; it is never sent. */
export const NO_KEY = 'no-key';

/** Posts, and once more when an idle connection turned out to be closed. */
export async function postTo(
  http: Http,
  url: string,
  headers: Record<string, string>,
  body: string,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  const send = () =>
    http.request(url, {
      method: 'POST',
      headers,
      body,
      ...(signal ? { signal } : {}),
      headersTimeoutMs: ANSWER_TIMEOUT_MS,
      bodyTimeoutMs: ANSWER_TIMEOUT_MS,
    });
  const sentAt = performance.now();
  return send().catch((error: unknown) => {
    const stale = diedIdle(error) && performance.now() - sentAt < STALE_WITHIN_MS;
    if (!stale || signal?.aborted) throw error;
    return send();
  });
}

function wantedType(url: string, body: string): string {
  if (url.endsWith('/converse-stream')) return 'application/vnd.amazon.eventstream';
  return body.includes('"stream":true') || url.includes(':streamGenerateContent')
    ? 'text/event-stream'
    : 'application/json';
}

/** Lets an answer go; what it still says, such as that it was aborted, is for nobody. */
export function letGo(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}

/**
 * Refuses a redirect, and a success of another type than was asked for; the answer is then let go.
 * @throws AtelierError provider_rejected, provider_failed
 */
export function checkHead(response: HttpResponse, wanted: string, facts: EndpointFacts): void {
  try {
    refuseRedirect(response.status, response.headers.location, facts);
    const type = response.headers['content-type'] ?? '';
    // A JSON body in place of a stream is often an error that came with status 200.
    if (response.status < 300 && type !== '' && !type.includes(wanted)) {
      throw new AtelierError(
        'provider_failed',
        `${facts.host} answered with ${type.split(';')[0]} where ${wanted} was due. Check that its address ends in the API’s path, such as /v1.`,
        { data: { provider: facts.id, host: facts.host, contentType: type } },
      );
    }
  } catch (error) {
    letGo(response.body);
    throw error;
  }
}

function headersOf(given: RequestInit['headers']): Record<string, string> {
  const headers = Object.fromEntries(new Headers(given));
  for (const [name, value] of Object.entries(headers)) if (value.includes(NO_KEY)) delete headers[name];
  return headers;
}

export function createProviderFetch(http: Http, facts: EndpointFacts): typeof fetch {
  return async (input, init = {}) => {
    const body = typeof init.body === 'string' ? init.body : '';
    const response = await postTo(
      http,
      String(input),
      headersOf(init.headers),
      body,
      init.signal ?? undefined,
    );
    checkHead(response, wantedType(String(input), body), facts);
    if (noBody.includes(response.status)) letGo(response.body);
    const stream = noBody.includes(response.status)
      ? null
      : (Readable.toWeb(response.body) as NodeReadableStream as ReadableStream);
    return new Response(stream, { status: response.status, headers: response.headers });
  };
}
