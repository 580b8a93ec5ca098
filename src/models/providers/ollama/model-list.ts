// Ollama's models: GET /api/tags names them, POST /api/show says of each how much it reads and what it can do.
import { fetchJson, noListError } from '../remote/fetch-json.ts';
import {
  firstCount,
  isEmbeddingName,
  isRow,
  type ListedModel,
  type Row,
  textOf,
} from '../remote/listed-model.ts';
import { bearer, type ListConnection } from '../remote/provider-adapter.ts';

/** Asked at once; beyond it the names are enough. */
const MOST_SHOWN = 64;
const AT_ONCE = 8;

/** "1.5B", "137M" as a number of weights. */
function parametersOf(text: unknown): number | null {
  const parts = typeof text === 'string' ? /^([\d.]+)\s*([KMBT])$/i.exec(text.trim()) : null;
  if (!parts) return null;
  const unit = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[(parts[2] ?? '').toUpperCase()] ?? 1;
  return Math.round(Number(parts[1]) * unit);
}

function contextOf(info: Row): number | null {
  const architecture = textOf(info['general.architecture']);
  return architecture ? firstCount(info[`${architecture}.context_length`]) : null;
}

async function describe(
  connection: ListConnection,
  row: Row,
  name: string,
  show: boolean,
): Promise<ListedModel> {
  const { http, baseUrl, facts, timeoutMs } = connection;
  const details = isRow(row.details) ? row.details : {};
  const parameters = parametersOf(details.parameter_size);
  const quantization = textOf(details.quantization_level);
  const sizeBytes = firstCount(row.size);
  const base: ListedModel = {
    name,
    kind: isEmbeddingName(name) ? 'embedding' : 'chat',
    contextLength: null,
    ...(parameters ? { parameters } : {}),
    ...(quantization ? { quantization } : {}),
    ...(sizeBytes ? { sizeBytes } : {}),
  };
  if (!show) return base;
  const headers = headersOf(connection);
  const request = { http, url: `${baseUrl}/api/show`, headers, body: { model: name }, facts, timeoutMs };
  // A model that cannot be described is still one that can be asked.
  const shown = await fetchJson(request).catch(() => null);
  if (!isRow(shown)) return base;
  const can = Array.isArray(shown.capabilities) ? shown.capabilities : null;
  const info = isRow(shown.model_info) ? shown.model_info : {};
  return {
    ...base,
    contextLength: contextOf(info),
    ...(can
      ? {
          kind: can.includes('completion') || !can.includes('embedding') ? 'chat' : 'embedding',
          input: can.includes('vision') ? ['text', 'image'] : ['text'],
          tools: can.includes('tools'),
        }
      : {}),
  };
}

const headersOf = ({ apiKey, headers }: ListConnection) => ({
  ...(apiKey ? bearer(apiKey) : {}),
  ...headers,
});

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const { http, baseUrl, facts, timeoutMs } = connection;
  const url = `${baseUrl}/api/tags`;
  const body = await fetchJson({ http, url, headers: headersOf(connection), facts, timeoutMs });
  if (!isRow(body) || !Array.isArray(body.models)) throw noListError(facts);
  const rows = body.models.filter(isRow);
  const models: ListedModel[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE).flatMap((row) => {
      const name = textOf(row.name) ?? textOf(row.model);
      return name ? [describe(connection, row, name, at < MOST_SHOWN)] : [];
    });
    models.push(...(await Promise.all(some)));
  }
  return models;
}
