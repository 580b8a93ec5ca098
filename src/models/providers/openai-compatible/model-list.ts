// The models of an endpoint: GET {baseUrl}/models, in OpenAI's list shape and in the odd ones that are about.
import { AtelierError } from '../../../contracts/errors.ts';
import type { Http } from '../../../lib/http.ts';
import { type EndpointFacts, toProviderError } from './provider-errors.ts';
import { refuseRedirect } from './provider-fetch.ts';

export interface ListedModel {
  name: string;
  contextLength: number | null;
}

export const LIST_TIMEOUT_MS = 5000;
const MAX_BYTES = 8 * 1024 * 1024;

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

function contextOf(row: Row): number | null {
  const meta = isRow(row.meta) ? row.meta : {};
  const stated = [
    row.context_length,
    row.max_model_len,
    row.context_window,
    row.max_context_length,
    meta.n_ctx,
    meta.n_ctx_train,
  ];
  const found = stated.find(
    (value): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0,
  );
  return found ?? null;
}

/** Null when the body is no list of models in any known shape. Rows without a name are left out. */
export function readModelList(body: unknown): ListedModel[] | null {
  const lists = Array.isArray(body) ? [body] : isRow(body) ? [body.data, body.models] : [];
  const rows = lists.find((list): list is unknown[] => Array.isArray(list));
  if (!rows) return null;
  const models = new Map<string, ListedModel>();
  for (const row of rows) {
    const name =
      typeof row === 'string'
        ? row
        : isRow(row)
          ? [row.id, row.name, row.model].find((one) => typeof one === 'string')
          : undefined;
    if (typeof name !== 'string' || name === '') continue;
    models.set(name, { name, contextLength: isRow(row) ? contextOf(row) : null });
  }
  return [...models.values()];
}

/** A guess from the name, because the list does not say. */
export function isEmbeddingName(name: string): boolean {
  return /embed|(^|[/_-])(bge|e5|gte|minilm)([/_-]|$)/i.test(name);
}

/** @throws AtelierError provider_unauthorized, provider_unreachable, provider_rejected, provider_failed */
export async function fetchModelList(
  http: Http,
  baseUrl: string,
  headers: Record<string, string>,
  facts: EndpointFacts,
  timeoutMs: number = LIST_TIMEOUT_MS,
): Promise<ListedModel[]> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await http.request(`${baseUrl}/models`, {
      headers: { accept: 'application/json', ...headers },
      signal: limit,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES)
        throw new AtelierError('provider_failed', `The model list of ${facts.host} is larger than 8 MB.`);
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
    const models = readModelList(parsed(responseBody));
    if (models) return models;
    throw new AtelierError(
      'provider_failed',
      `${facts.host} did not answer with a list of models. Check that the address ends in the API’s path, such as /v1.`,
      {
        data: { provider: facts.id, host: facts.host, contentType: response.headers['content-type'] ?? null },
      },
    );
  } catch (thrown) {
    if (limit.aborted) {
      throw new AtelierError(
        'provider_unreachable',
        `${facts.host} did not answer within ${timeoutMs / 1000} s. Check the address and whether it runs.`,
        {
          data: { provider: facts.id, host: facts.host, timeoutMs },
          retryable: true,
        },
      );
    }
    throw toProviderError(thrown, facts);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
