// Mistral's list says what each model can do and how much it reads.
import { fetchOpenaiList } from '../openai-compatible/model-list.ts';
import { noListError } from '../remote/fetch-json.ts';
import {
  firstCount,
  isEmbeddingName,
  isRow,
  type ListedModel,
  type Row,
  textOf,
} from '../remote/listed-model.ts';
import type { ListConnection } from '../remote/provider-adapter.ts';

function toListed(row: Row): ListedModel[] {
  const name = textOf(row.id);
  if (name === null) return [];
  const can = isRow(row.capabilities) ? row.capabilities : {};
  const contextLength = firstCount(row.max_context_length);
  if (isEmbeddingName(name)) return [{ name, kind: 'embedding', contextLength }];
  if (can.completion_chat === false) return [];
  return [
    {
      name,
      kind: 'chat',
      contextLength,
      ...(typeof can.vision === 'boolean' ? { input: can.vision ? ['text', 'image'] : ['text'] } : {}),
      ...(typeof can.function_calling === 'boolean' ? { tools: can.function_calling } : {}),
    },
  ];
}

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const body = await fetchOpenaiList(connection);
  const rows = Array.isArray(body) ? body : isRow(body) ? body.data : null;
  if (!Array.isArray(rows)) throw noListError(connection.facts);
  const models = rows.flatMap((row) => (isRow(row) ? toListed(row) : []));
  // Each alias is a row of its own, and some stand twice.
  return [...new Map(models.map((model) => [model.name, model])).values()];
}
