// Anthropic's list says how much a model reads and writes, and of late whether it takes images.
import { fetchJson, noListError } from '../remote/fetch-json.ts';
import { firstCount, isRow, type ListedModel, type Row, textOf } from '../remote/listed-model.ts';
import type { ListConnection } from '../remote/provider-adapter.ts';
import { ANTHROPIC_VERSION } from './version.ts';

const MOST_PAGES = 20;

/** `{image_input: {supported: true}}`; what is not stated stays so. */
function readsImages(capabilities: unknown): boolean | null {
  const image = isRow(capabilities) ? capabilities.image_input : undefined;
  if (typeof image === 'boolean') return image;
  return isRow(image) && typeof image.supported === 'boolean' ? image.supported : null;
}

function toListed(row: Row): ListedModel[] {
  const name = textOf(row.id);
  if (name === null) return [];
  const images = readsImages(row.capabilities);
  const displayName = textOf(row.display_name);
  return [
    {
      name,
      ...(displayName ? { displayName } : {}),
      kind: 'chat',
      contextLength: firstCount(row.max_input_tokens),
      maxOutputTokens: firstCount(row.max_tokens, row.max_output_tokens),
      ...(images === null ? {} : { input: images ? ['text', 'image'] : ['text'] }),
      tools: true,
    },
  ];
}

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const { http, baseUrl, apiKey, headers, facts, timeoutMs } = connection;
  const sent = {
    'anthropic-version': ANTHROPIC_VERSION,
    ...(apiKey ? { 'x-api-key': apiKey } : {}),
    ...headers,
  };
  const models: ListedModel[] = [];
  let after = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const url = `${baseUrl}/models?limit=1000${after && `&after_id=${encodeURIComponent(after)}`}`;
    const body = await fetchJson({ http, url, headers: sent, facts, timeoutMs });
    if (!isRow(body) || !Array.isArray(body.data)) throw noListError(facts);
    models.push(...body.data.flatMap((row) => (isRow(row) ? toListed(row) : [])));
    const last = textOf(body.last_id);
    if (body.has_more !== true || last === null) break;
    after = last;
  }
  return models;
}
