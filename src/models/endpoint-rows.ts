// An endpoint between its row and the contract. Key and headers are sealed whole: some endpoints take keys in headers.
import type { ErrorBody } from '../contracts/errors.ts';
import { type Price, priceSchema } from '../contracts/money.ts';
import type { Provider } from '../contracts/provider.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { ListedModel } from './providers/openai-compatible/model-list.ts';
import type { OpenedEndpoint } from './providers/openai-compatible/remote-provider.ts';

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

export function toProvider(row: EndpointRow, prices: ReadonlyMap<string, Price>): Provider {
  return {
    id: row.id,
    kind: row.kind as Provider['kind'],
    name: row.name,
    baseUrl: row.base_url,
    region: row.region,
    llamaServer: row.llama_server === null ? null : JSON.parse(row.llama_server),
    hasKey: row.sealed_key !== null,
    models: modelsOf(row).map((model) => ({
      kind: 'chat' as const,
      maxOutputTokens: null,
      input: null,
      ...model,
      price: prices.get(`${row.id}/${model.name}`) ?? { kind: 'unknown' },
    })),
    state: row.state as Provider['state'],
    error: errorOf(row),
    checkedAt: row.checked_at,
    createdAt: row.created_at,
  };
}
