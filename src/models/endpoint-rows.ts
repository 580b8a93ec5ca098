// An endpoint between its row and the contract. Key and headers are sealed whole: some endpoints take keys in headers.
import type { ErrorBody } from '../contracts/errors.ts';
import { type Price, priceSchema } from '../contracts/money.ts';
import type { LlamaServer, Provider, ProviderKind } from '../contracts/provider.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { PriceBook } from './prices/price-book.ts';
import type { ListedModel } from './providers/remote/listed-model.ts';
import { completed, type OpenedEndpoint } from './providers/remote/remote-provider.ts';

export type EndpointRow = Database['providers'];

/** Seals what must not be read from the store alone. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}

export const modelsOf = (row: EndpointRow): ListedModel[] => JSON.parse(row.models);
export const errorOf = (row: EndpointRow): ErrorBody | null =>
  row.error === null ? null : JSON.parse(row.error);

const NO_HEADERS = '{}';
export const hasSecrets = (row: EndpointRow) => ({
  key: row.sealed_key !== null,
  headers: row.headers !== NO_HEADERS,
});

/** @throws AtelierError storage_failed when they were sealed with another secret */
export function openSecrets(sealer: Sealer, row: EndpointRow): OpenedEndpoint {
  return {
    apiKey: row.sealed_key === null ? null : sealer.open(row.sealed_key),
    headers: row.headers === NO_HEADERS ? {} : JSON.parse(sealer.open(row.headers)),
  };
}

export function sealSecrets(sealer: Sealer, { apiKey, headers }: OpenedEndpoint) {
  return {
    sealed_key: apiKey === null ? null : sealer.seal(apiKey),
    headers: Object.keys(headers).length === 0 ? NO_HEADERS : sealer.seal(JSON.stringify(headers)),
  };
}

export async function readPrices(store: Store): Promise<Map<string, Price>> {
  const found = await store.db.selectFrom('prices').select(['model', 'price']).execute();
  return new Map(found.map((row) => [row.model, priceSchema.parse(JSON.parse(row.price))]));
}

export const kindOf = (row: EndpointRow): ProviderKind => row.kind as ProviderKind;
export const llamaServerOf = (row: EndpointRow): LlamaServer | null =>
  row.llama_server === null ? null : JSON.parse(row.llama_server);

/** A list together with the names that a person entered and that it lacks. */
export function withNames(list: readonly ListedModel[], names: readonly string[]): ListedModel[] {
  const listed = new Set(list.map((model) => model.name));
  const added = [...new Set(names)].filter((name) => !listed.has(name));
  return [
    ...list.map((model) => (names.includes(model.name) ? { ...model, byHand: true as const } : model)),
    ...added.map((name) => ({ name, contextLength: null, byHand: true as const })),
  ];
}

export const namesByHand = (models: readonly ListedModel[]): string[] =>
  models.filter((model) => model.byHand).map((model) => model.name);

export function toProvider(row: EndpointRow, prices: ReadonlyMap<string, Price>, book: PriceBook): Provider {
  const kind = kindOf(row);
  return {
    id: row.id,
    kind,
    name: row.name,
    baseUrl: row.base_url,
    region: row.region,
    llamaServer: llamaServerOf(row),
    hasKey: row.sealed_key !== null,
    models: modelsOf(row).map((model) => {
      const { price, ...facts } = completed(kind, book, model);
      return {
        name: model.name,
        ...facts,
        input: model.input ?? null,
        tools: model.tools ?? null,
        byHand: model.byHand ?? false,
        price: prices.get(`${row.id}/${model.name}`) ?? price,
      };
    }),
    state: row.state as Provider['state'],
    error: errorOf(row),
    checkedAt: row.checked_at,
    createdAt: row.created_at,
  };
}
