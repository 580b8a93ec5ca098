// Google's list names models as `models/<name>`, with their limits and what they can be asked for.
import { fetchJson, noListError } from '../remote/fetch-json.ts';
import { firstCount, isRow, type ListedModel, type Row, textOf } from '../remote/listed-model.ts';
import type { ListConnection } from '../remote/provider-adapter.ts';

const MOST_PAGES = 20;
/** They are asked in the same way and answer with something else than text. */
const noText = /-(tts|image|live|native-audio)(-|$)|^(imagen|veo|lyria|aqa)/;

function toListed(row: Row): ListedModel[] {
  const name = textOf(row.name)?.replace(/^models\//, '');
  const methods = Array.isArray(row.supportedGenerationMethods) ? row.supportedGenerationMethods : [];
  const embeds = methods.includes('embedContent');
  if (!name || noText.test(name) || !(embeds || methods.includes('generateContent'))) return [];
  const displayName = textOf(row.displayName);
  const gemini = name.startsWith('gemini');
  return [
    {
      name,
      ...(displayName ? { displayName } : {}),
      kind: embeds ? 'embedding' : 'chat',
      contextLength: firstCount(row.inputTokenLimit),
      maxOutputTokens: embeds ? null : firstCount(row.outputTokenLimit),
      // Every Gemini reads images; of the others the list says nothing.
      ...(gemini && !embeds ? { input: ['text', 'image'] } : {}),
    },
  ];
}

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const { http, baseUrl, apiKey, headers, facts, timeoutMs } = connection;
  const sent = { ...(apiKey ? { 'x-goog-api-key': apiKey } : {}), ...headers };
  const models: ListedModel[] = [];
  let token = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const url = `${baseUrl}/models?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`;
    const body = await fetchJson({ http, url, headers: sent, facts, timeoutMs });
    if (!isRow(body) || !(Array.isArray(body.models) || body.models === undefined)) throw noListError(facts);
    const rows = Array.isArray(body.models) ? body.models : [];
    if (rows.length === 0 && page === 0) throw noListError(facts);
    models.push(...rows.flatMap((row) => (isRow(row) ? toListed(row) : [])));
    const next = textOf(body.nextPageToken);
    if (next === null) break;
    token = next;
  }
  return models;
}
