// Outgoing HTTP that works in a company network: proxies from the environment, and the machine's own certificates.
// It follows no redirect by itself: who calls decides what may travel to another host.
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';

interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** From the connection to the end of the headers. Default 30,000. */
  headersTimeoutMs?: number;
  /** Longest silence within the body. Default 30,000. */
  bodyTimeoutMs?: number;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; of several values the first. */
  headers: Record<string, string>;
  body: Readable;
}

export interface Http {
  /** Loads what requests need (a third of a second, once), so that a time limit set after it measures the other side. */
  ready(): Promise<void>;
  request(url: string, options?: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Read for HTTP_PROXY, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE. Node itself adds NODE_EXTRA_CA_CERTS. */
  env?: NodeJS.ProcessEnv;
  connectTimeoutMs?: number;
}

const KEEP_ALIVE_MS = 4000;

/** Opens nothing until the first request. */
export function createHttp({ env = process.env, connectTimeoutMs = 10_000 }: HttpOptions = {}): Http {
  let opening: Promise<Opened> | undefined;
  /** Once it is there no request waits for it, not even for a turn of the loop. */
  let opened: Opened | undefined;
  const open = () => {
    opening ??= openDispatcher(env, connectTimeoutMs).catch((error: unknown) => {
      // A certificate file may be put right while the program runs.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    async ready() {
      await open();
    },
    async request(url, options = {}) {
      opened ??= await open();
      const response = await opened.request(url, {
        dispatcher: opened.dispatcher,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        body: options.body ?? null,
        signal: options.signal ?? null,
        headersTimeout: options.headersTimeoutMs ?? 30_000,
        bodyTimeout: options.bodyTimeoutMs ?? 30_000,
      });
      const headers: Record<string, string> = {};
      // undici has the names in lower case.
      for (const name in response.headers) {
        const value = response.headers[name];
        const first = Array.isArray(value) ? value[0] : value;
        if (first !== undefined) headers[name] = first;
      }
      return { status: response.statusCode, headers, body: response.body };
    },
    async close() {
      const closing = opening;
      opening = undefined;
      opened = undefined;
      if (closing !== undefined) await (await closing).dispatcher.close();
    },
  };
}

interface Opened {
  request: typeof import('undici').request;
  dispatcher: Dispatcher;
}

async function openDispatcher(env: NodeJS.ProcessEnv, connectTimeoutMs: number): Promise<Opened> {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const ca = certificates(env);
  const proxy = (name: string) => env[name.toLowerCase()] ?? env[name];
  const httpProxy = proxy('HTTP_PROXY');
  const httpsProxy = proxy('HTTPS_PROXY');
  const own = {
    // Many servers close an idle connection after 5 s; a request must not be sent into one that is about to close.
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { ca, timeout: connectTimeoutMs },
  };
  // Without a proxy nothing needs to be looked up for each request.
  if (!httpProxy && !httpsProxy) return { request, dispatcher: new Agent(own) };
  const dispatcher = new EnvHttpProxyAgent({
    ...own,
    requestTls: { ca, timeout: connectTimeoutMs },
    proxyTls: { ca, timeout: connectTimeoutMs },
    // An empty address means "no proxy", also where the process itself has one.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? httpProxy ?? '',
    noProxy: [proxy('NO_PROXY'), 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(','),
  });
  return { request, dispatcher };
}

/** Node's own roots, those of the machine (where companies put theirs), and a file that the environment names. */
export function certificates(env: NodeJS.ProcessEnv): string[] {
  const found = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (env.SSL_CERT_FILE) {
    try {
      found.add(readFileSync(env.SSL_CERT_FILE, 'utf8'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`SSL_CERT_FILE names a file that cannot be read: ${why}`, { cause: error });
    }
  }
  return [...found];
}
