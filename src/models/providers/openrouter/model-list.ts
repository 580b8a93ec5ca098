// OpenRouter's list carries everything: context, what is read, parameters, and prices in dollars a token.
import type { Price } from '../../../contracts/money.ts';
import { fetchOpenaiList } from '../openai-compatible/model-list.ts';
import { noListError } from '../remote/fetch-json.ts';
import { firstCount, inputOf, isRow, type ListedModel, type Row, textOf } from '../remote/listed-model.ts';
import type { ListConnection } from '../remote/provider-adapter.ts';
import { scaled } from './decimal.ts';

/** Dollars a token to nano-dollars a million tokens. */
const PLACES = 15;
/** Charges of the list that a token price has no place for; with one of them the price is unknown. */
const beyondTokens = ['request', 'image', 'audio', 'web_search_per_token', 'overrides', 'tiers'];

const isNothing = (value: unknown) => value === undefined || value === null || Number(value) === 0;

export function priceOfRow(pricing: unknown, now: number): Price {
  const unknown: Price = { kind: 'unknown' };
  if (!isRow(pricing)) return unknown;
  const input = scaled(pricing.prompt, PLACES);
  const output = scaled(pricing.completion, PLACES);
  if (input === null || output === null) return unknown;
  // An image is charged by its tokens where it has the price of the prompt.
  const ignored = pricing.image === pricing.prompt ? ['image'] : [];
  if (beyondTokens.some((name) => !ignored.includes(name) && !isNothing(pricing[name]))) return unknown;
  const optional = (value: unknown) => (isNothing(value) ? null : scaled(value, PLACES));
  const reasoning = optional(pricing.internal_reasoning);
  if (reasoning !== null && reasoning !== output) return unknown;
  return {
    kind: 'tokens',
    input,
    output,
    cacheRead: optional(pricing.input_cache_read),
    cacheWrite: optional(pricing.input_cache_write),
    source: 'OpenRouter, list of models',
    date: new Date(now).toISOString().slice(0, 10),
  };
}

function toListed(row: Row, now: number): ListedModel[] {
  const name = textOf(row.id);
  if (name === null) return [];
  const architecture = isRow(row.architecture) ? row.architecture : {};
  const outputs = architecture.output_modalities;
  if (Array.isArray(outputs) && !outputs.includes('text')) return [];
  const top = isRow(row.top_provider) ? row.top_provider : {};
  const displayName = textOf(row.name);
  const input = inputOf(architecture.input_modalities);
  const parameters = row.supported_parameters;
  return [
    {
      name,
      ...(displayName ? { displayName } : {}),
      kind: 'chat',
      contextLength: firstCount(top.context_length, row.context_length),
      maxOutputTokens: firstCount(top.max_completion_tokens),
      ...(input ? { input } : {}),
      ...(Array.isArray(parameters) ? { tools: parameters.includes('tools') } : {}),
      price: priceOfRow(row.pricing, now),
    },
  ];
}

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const body = await fetchOpenaiList(connection);
  if (!isRow(body) || !Array.isArray(body.data)) throw noListError(connection.facts);
  const now = Date.now();
  return body.data.flatMap((row) => (isRow(row) ? toListed(row, now) : []));
}
