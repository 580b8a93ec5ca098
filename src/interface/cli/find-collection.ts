// A collection by its id or by its name.
import { AtelierError } from '../../contracts/errors.ts';
import type { Collection } from '../../contracts/knowledge.ts';
import type { ApiClient } from './api-client.ts';

export const listCollections = async (client: ApiClient): Promise<Collection[]> =>
  (await client.json<{ collections: Collection[] }>('GET', '/atelier/v1/collections')).collections;

/** @throws AtelierError not_found with the names that there are, conflict when several bear the name */
export async function findCollection(client: ApiClient, name: string): Promise<Collection> {
  const all = await listCollections(client);
  const byId = all.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const named = all.filter((collection) => collection.name.toLowerCase() === name.toLowerCase());
  if (named.length > 1)
    throw new AtelierError(
      'conflict',
      `${named.length} collections are called "${name}". Say which by its id: ${named.map(({ id }) => id).join(', ')}.`,
      { data: { name, ids: named.map(({ id }) => id) } },
    );
  const found = named[0];
  if (found === undefined)
    throw new AtelierError(
      'not_found',
      `There is no collection "${name}". There are: ${all.map((collection) => collection.name).join(', ') || 'none; `atelier knowledge add` makes one'}.`,
      { data: { name, names: all.map((collection) => collection.name) } },
    );
  return found;
}
