// The models of an endpoint: GET {baseUrl}/models, in OpenAI's list shape and in the odd ones that are about.
import { fetchJson, noListError } from '../remote/fetch-json.ts';
import { firstCount, isRow, type ListedModel, type Row } from '../remote/listed-model.ts';
import { bearer, type ListConnection } from '../remote/provider-adapter.ts';

function contextOf(row: Row): number | null {
  const meta = isRow(row.meta) ? row.meta : {};
  return firstCount(
    row.context_length,
    row.max_model_len,
    row.context_window,
    row.max_context_length,
    meta.n_ctx,
    meta.n_ctx_train,
  );
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

/** The body of {baseUrl}/models, of a server that takes the key as OpenAI does. */
export function fetchOpenaiList({
  http,
  baseUrl,
  apiKey,
  headers,
  facts,
  timeoutMs,
}: ListConnection): Promise<unknown> {
  const sent = { ...(apiKey ? bearer(apiKey) : {}), ...headers };
  return fetchJson({ http, url: `${baseUrl}/models`, headers: sent, facts, timeoutMs });
}

export async function fetchModelList(connection: ListConnection): Promise<ListedModel[]> {
  const models = readModelList(await fetchOpenaiList(connection));
  if (models) return models;
  throw noListError(connection.facts);
}
