// A caller's body in the provider's own dialect, sent on as it is but for the model's name, and the answer's bytes as
// they come: no adapter and no schema in between. Only the usage event of a stream that did not ask for one is taken out.
import type { Readable } from 'node:stream';
import type { Http, HttpResponse } from '../../../lib/http.ts';
import type { RelayedAnswer, WireDialect, WireRequest } from '../../model-call.ts';
import { ANTHROPIC_VERSION } from '../anthropic/version.ts';
import type { Connection, ProviderAdapter } from '../remote/provider-adapter.ts';
import { type EndpointFacts, toProviderError } from '../remote/provider-errors.ts';
import { checkHead, letGo, postTo } from '../remote/provider-fetch.ts';
import { createUsageHider, type UsageHider } from './hide-usage.ts';

export interface RelayOptions {
  http: Http;
  adapter: ProviderAdapter;
  connection: Connection;
  /** Name of the model at the provider. */
  name: string;
  wire: WireRequest;
}

const routes: Record<WireDialect, string> = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'anthropic-messages': '/messages',
};
const dialectHeaders: Record<WireDialect, Record<string, string>> = {
  'openai-chat': {},
  'openai-responses': {},
  'anthropic-messages': { 'anthropic-version': ANTHROPIC_VERSION },
};
/** Of the answer; the provider's own limits and cookies are not the caller's. */
const keptHeaders = ['content-type', 'request-id', 'x-request-id', 'openai-processing-ms'];
/** Of the caller; a key of his is ours to read and nobody else's. */
const neverSent =
  /^(authorization|x-api-key|api-key|x-goog-api-key|cookie|host|connection|content-length|content-type|transfer-encoding|accept-encoding)$/i;
const MOST_ERROR_BYTES = 64 * 1024;
/** Chunks that may wait for a slow reader before the provider is slowed down. */
const CHUNKS_AHEAD = 8;

/** @throws AtelierError of every kind that a call through the adapter has */
export async function relay({ http, adapter, connection, name, wire }: RelayOptions): Promise<RelayedAnswer> {
  const { facts } = connection;
  const baseUrl = adapter.relayBaseUrl?.(connection.baseUrl) ?? connection.baseUrl;
  const streams = wire.body.stream === true;
  const asks =
    streams && wire.dialect === 'openai-chat' && adapter.usageInStream !== 'always' && !asksUsage(wire);
  const body = JSON.stringify({
    ...wire.body,
    model: name,
    ...(asks ? { stream_options: { ...optionsOf(wire), include_usage: true } } : {}),
  });
  const response = await post(
    http,
    `${baseUrl}${routes[wire.dialect]}`,
    headersFor(adapter, connection, wire),
    body,
    {
      signal: wire.signal,
      facts,
    },
  );
  checkHead(response, streams ? 'text/event-stream' : 'application/json', facts);
  if (response.status >= 300) throw await refusalOf(response, facts);
  const hider = asks ? createUsageHider() : null;
  const headers: Record<string, string> = {};
  for (const kept of keptHeaders) {
    const value = response.headers[kept];
    if (value !== undefined) headers[kept] = value;
  }
  return {
    status: response.status,
    headers,
    body: toStream(response.body, hider, (thrown) =>
      wire.signal.aborted ? wire.signal.reason : cutOff(thrown, response.status, facts),
    ),
    hidden: () => hider?.hidden ?? [],
    toError: (upstream) => toProviderError(upstream, facts),
  };
}

const optionsOf = ({ body }: WireRequest): Record<string, unknown> =>
  typeof body.stream_options === 'object' && body.stream_options !== null
    ? (body.stream_options as Record<string, unknown>)
    : {};
const asksUsage = (wire: WireRequest) => optionsOf(wire).include_usage === true;

function headersFor(
  adapter: ProviderAdapter,
  { apiKey, headers }: Connection,
  wire: WireRequest,
): Record<string, string> {
  const sent: Record<string, string> = { ...dialectHeaders[wire.dialect] };
  for (const [name, value] of Object.entries(wire.headers)) {
    if (!neverSent.test(name)) sent[name.toLowerCase()] = value;
  }
  if (apiKey) Object.assign(sent, adapter.authorize(apiKey));
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
  sent['content-type'] = 'application/json';
  return sent;
}

async function post(
  http: Http,
  url: string,
  headers: Record<string, string>,
  body: string,
  { signal, facts }: { signal: AbortSignal; facts: EndpointFacts },
): Promise<HttpResponse> {
  try {
    return await postTo(http, url, headers, body, signal);
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw toProviderError(thrown, facts);
  }
}

async function refusalOf(response: HttpResponse, facts: EndpointFacts): Promise<Error> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_ERROR_BYTES) break;
    }
  } catch {
    // The status alone says what happened.
  }
  letGo(response.body);
  return toProviderError(
    Object.assign(new Error(), {
      statusCode: response.status,
      responseHeaders: response.headers,
      responseBody: Buffer.concat(chunks).toString('utf8'),
    }),
    facts,
  );
}

/** The answer had begun, so that it is cut off rather than out of reach. */
const cutOff = (thrown: unknown, statusCode: number, facts: EndpointFacts) =>
  toProviderError(Object.assign(new Error('', { cause: thrown }), { statusCode }), facts);

function toStream(
  source: Readable,
  hider: UsageHider | null,
  mapped: (thrown: unknown) => unknown,
): ReadableStream<Uint8Array> {
  let over = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        source.on('data', (chunk: Buffer) => {
          if (over) return;
          const out = hider ? hider.pass(chunk) : chunk;
          if (out.length > 0) controller.enqueue(out);
          if ((controller.desiredSize ?? 0) <= 0) source.pause();
        });
        source.on('end', () => {
          if (over) return;
          over = true;
          const rest = hider?.flush();
          if (rest && rest.length > 0) controller.enqueue(rest);
          controller.close();
        });
        source.on('error', (thrown) => {
          if (over) return;
          over = true;
          controller.error(mapped(thrown));
        });
        source.on('close', () => {
          if (over) return;
          over = true;
          controller.error(mapped(new Error('closed')));
        });
      },
      pull() {
        source.resume();
      },
      cancel() {
        over = true;
        letGo(source);
      },
    },
    { highWaterMark: CHUNKS_AHEAD },
  );
}
