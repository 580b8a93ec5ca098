// Small JSON answers of a provider, such as its list of models: bounded in size and time, with errors in words.
import { AtelierError } from '../../../contracts/errors.ts';
import type { Http } from '../../../lib/http.ts';
import { type EndpointFacts, toProviderError } from './provider-errors.ts';
import { refuseRedirect } from './provider-fetch.ts';

export interface JsonRequest {
  http: Http;
  url: string;
  headers: Record<string, string>;
  /** Posted when present. */
  body?: unknown;
  facts: EndpointFacts;
  timeoutMs: number;
}

export const LIST_TIMEOUT_MS = 5000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Null when the answer is no JSON.
 * @throws AtelierError provider_unauthorized, provider_unreachable, provider_rejected, provider_failed
 */
export async function fetchJson({
  http,
  url,
  headers,
  body,
  facts,
  timeoutMs,
}: JsonRequest): Promise<unknown> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await http.request(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: limit,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES)
        throw new AtelierError('provider_failed', `The model list of ${facts.host} is larger than 16 MB.`);
      chunks.push(chunk);
    }
    refuseRedirect(response.status, response.headers.location, facts);
    const responseBody = Buffer.concat(chunks).toString('utf8');
    if (response.status >= 400) {
      throw Object.assign(new Error(), {
        statusCode: response.status,
        responseHeaders: response.headers,
        responseBody,
      });
    }
    return parsed(responseBody);
  } catch (thrown) {
    if (limit.aborted) {
      throw new AtelierError(
        'provider_unreachable',
        `${facts.host} did not answer within ${timeoutMs / 1000} s. Check the address and whether it runs.`,
        { data: { provider: facts.id, host: facts.host, timeoutMs }, retryable: true },
      );
    }
    throw toProviderError(thrown, facts);
  }
}

export const noListError = ({ id, host }: EndpointFacts) =>
  new AtelierError(
    'provider_failed',
    `${host} did not answer with a list of models. Check that the address ends in the API’s path, such as /v1.`,
    { data: { provider: id, host } },
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
