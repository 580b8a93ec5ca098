// Requests to addresses that a model, a document or a stranger chose: nothing of this machine or its network can be
// reached, by no spelling, redirect, name or second thought of a name server; and what comes back has limits.
import type { Agent } from 'undici';
import { type CheckedUrl, checkUrl, type HostRule } from './guard/check-url.ts';
import { GuardError } from './guard/guard-error.ts';
import { createConnector, type Resolver } from './guard/guarded-connector.ts';
import { limitBody } from './guard/limit-body.ts';
import { certificates } from './http.ts';

export interface GuardedFetchOptions {
  /** Hosts that a person allowed by hand, wherever they are. */
  allow?: readonly HostRule[];
  /** Given: no other host is asked. */
  only?: readonly HostRule[];
  /** Default 80 and 443. A rule of `allow` frees its host of this. */
  ports?: readonly number[];
  /** Read for HTTP_PROXY, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE. */
  env?: NodeJS.ProcessEnv;
  /** Behind a proxy: names that this machine does not know are the proxy's to look up. Default false. */
  proxyResolves?: boolean;
  connectTimeoutMs?: number;
  resolve?: Resolver;
}

export interface GuardedRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** From the call to the last byte; null: as long as it takes. Default 30,000. */
  timeoutMs?: number | null;
  /** Longest body, after decompression; null: no limit. Default 10 MB. */
  maxBytes?: number | null;
  /** Default 5. 0: a redirect is handed back. */
  maxRedirects?: number;
  /** Media types that are read, such as `text/html` or `text/*`; empty: all. */
  contentTypes?: readonly string[];
}

export interface GuardedResponse {
  /** Where the body came from, after redirects. */
  url: string;
  status: number;
  headers: Headers;
  /** The addresses on the way. */
  redirects: string[];
  /** Ends with an error at the limit of size or time. */
  body: ReadableStream<Uint8Array>;
  /** The whole body. */
  bytes(): Promise<Uint8Array>;
}

export interface GuardedFetch {
  /**
   * @throws GuardError address_refused, fetch_failed, response_too_large, timed_out, unsupported_media_type
   * @throws the signal's reason when the caller aborts
   */
  fetch(url: string, request?: GuardedRequest): Promise<GuardedResponse>;
  close(): Promise<void>;
}

const MB = 1024 * 1024;
/** Never travel to another origin. */
const PRIVATE_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { allow = [], only, ports = [80, 443], env = process.env } = options;
  const { proxyResolves = false, connectTimeoutMs = 10_000, resolve } = options;
  const rules = { allow, only: only ?? null, ports };
  let agent: Promise<Agent> | undefined;
  const openAgent = async () => {
    const { Agent } = await import('undici');
    const connect = createConnector({
      ...(resolve === undefined ? {} : { resolve }),
      env,
      ca: certificates(env),
      timeoutMs: connectTimeoutMs,
      proxyResolves,
      isAllowed: (host, port) => checkedBefore(host, port),
    });
    return new Agent({
      connect: ({ hostname, port, protocol }, done) => {
        const secure = protocol === 'https:';
        const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
        connect({ host, port: Number(port) || (secure ? 443 : 80), secure }).then(
          (socket) => done(null, socket),
          (error: Error) => done(error, null),
        );
      },
    });
  };
  const checkedBefore = (host: string, port: number) => {
    const shown = host.includes(':') ? `[${host}]` : host;
    try {
      return checkUrl(`http://${shown}:${port}`, { ...rules, ports: [port] }).allowed;
    } catch (error) {
      if (error instanceof GuardError) return false;
      throw error;
    }
  };

  return {
    async fetch(address, request = {}) {
      const { maxRedirects = 5, timeoutMs = 30_000, maxBytes = 10 * MB, contentTypes = [], signal } = request;
      agent ??= openAgent();
      const dispatcher = await agent;
      const { fetch } = await import('undici');
      const clock = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
      const signals = [signal, clock].filter((one) => one !== undefined && one !== null);
      const until = signals.length === 0 ? null : AbortSignal.any(signals);
      /** What really went wrong, in the order of who is to be told. */
      const explain = (error: unknown, url: string): unknown => {
        if (signal?.aborted) return signal.reason;
        if (clock?.aborted)
          return new GuardError('timed_out', `${url} took longer than ${(timeoutMs ?? 0) / 1000} s.`, {
            url,
            timeoutMs,
          });
        for (let cause = error; cause instanceof Error; cause = cause.cause)
          if (cause instanceof GuardError) return cause;
        const message =
          error instanceof Error
            ? ((error.cause as Error | undefined)?.message ?? error.message)
            : String(error);
        return new GuardError('fetch_failed', `${url} could not be fetched: ${message}`, { url }, error);
      };

      const redirects: string[] = [];
      let { method = 'GET', body } = request;
      let headers = new Headers({ 'user-agent': 'Atelier', ...request.headers });
      let checked: CheckedUrl = checkUrl(address, rules);
      for (;;) {
        const { url } = checked;
        let response: Awaited<ReturnType<typeof fetch>>;
        try {
          response = await fetch(url, {
            dispatcher,
            method,
            headers: [...headers],
            body: body ?? null,
            redirect: 'manual',
            signal: until,
          });
        } catch (error) {
          throw explain(error, url.href);
        }
        const location = response.headers.get('location');
        const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
        if (!isRedirect || maxRedirects === 0) {
          const limits = {
            url: url.href,
            maxBytes,
            contentTypes,
            explain: (error: unknown) => explain(error, url.href),
          };
          return await limitBody(response as unknown as Response, redirects, limits);
        }
        await response.body?.cancel();
        redirects.push(url.href);
        if (redirects.length > maxRedirects)
          throw new GuardError('fetch_failed', `${address} was redirected more than ${maxRedirects} times.`, {
            redirects,
          });
        // The text is checked and not only what the parser makes of it; a relative one keeps the checked host.
        const target = /^[a-z][a-z0-9+.-]*:/i.test(location.trim())
          ? location.trim()
          : new URL(location, url).href;
        checked = checkUrl(target, rules);
        if (checked.url.origin !== url.origin) {
          headers = new Headers(headers);
          for (const name of PRIVATE_HEADERS) headers.delete(name);
        }
        if (response.status === 303 || (response.status <= 302 && method === 'POST')) {
          method = method === 'HEAD' ? 'HEAD' : 'GET';
          body = undefined;
          headers.delete('content-type');
          headers.delete('content-length');
        }
      }
    },
    async close() {
      // Not close(): a stream that nobody reads to its end would hold it up.
      if (agent !== undefined) await (await agent).destroy();
      agent = undefined;
    },
  };
}
