// Rows of collections, with the figures of their documents. Every read that serves a person names the user.
import type { Selectable } from 'kysely';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Attributes, Collection } from '../contracts/knowledge.ts';
import { newId } from '../lib/ids.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { checkAttributes } from './attributes.ts';

export type CollectionRow = Selectable<Database['collections']>;

export interface CollectionInput {
  name?: string;
  description?: string;
  attributes?: Attributes;
}

export interface Collections {
  list(who: Identity): Promise<Collection[]>;
  create(who: Identity, input: CollectionInput & { name: string }): Promise<Collection>;
  /** @throws AtelierError not_found, also for another person's and for a deleted one */
  own(who: Identity, id: string): Promise<CollectionRow>;
  /** Its row when it is there and not deleted, whosever it is: for jobs. */
  find(id: string): Promise<CollectionRow | undefined>;
  get(who: Identity, id: string): Promise<Collection>;
  update(who: Identity, id: string, input: CollectionInput): Promise<Collection>;
  setDeleted(who: Identity, id: string, deleted: boolean): Promise<void>;
  /** The model of a collection is the one that made its first vector. */
  setModel(id: string, model: string, dimensions: number): Promise<void>;
}

const LONGEST_NAME = 200;

export function createCollections(store: Store, now: () => number): Collections {
  const { db } = store;

  async function withFigures(rows: readonly CollectionRow[]): Promise<Collection[]> {
    if (rows.length === 0) return [];
    const figures = await db
      .selectFrom('documents')
      .select(({ fn }) => [
        'collection_id',
        'status',
        fn.countAll<number>().as('documents'),
        fn.sum<number>('passages').as('passages'),
        fn.sum<number>('size_bytes').as('bytes'),
      ])
      .where(
        'collection_id',
        'in',
        rows.map((row) => row.id),
      )
      .groupBy(['collection_id', 'status'])
      .execute();
    return rows.map((row) => {
      const own = figures.filter((figure) => figure.collection_id === row.id);
      const sum = (field: 'documents' | 'passages' | 'bytes', ...statuses: string[]) =>
        own
          .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
          .reduce((total, figure) => total + Number(figure[field]), 0);
      return {
        id: row.id,
        name: row.name,
        description: row.description,
        embeddingModel: row.embedding_model,
        attributes: JSON.parse(row.attributes) as Attributes,
        documents: {
          total: sum('documents'),
          ready: sum('documents', 'ready'),
          waiting: sum('documents', 'queued', 'reading'),
          failed: sum('documents', 'failed'),
        },
        passages: sum('passages'),
        sizeBytes: sum('bytes'),
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      };
    });
  }

  async function find(id: string, deleted = false): Promise<CollectionRow | undefined> {
    return db
      .selectFrom('collections')
      .selectAll()
      .where('id', '=', id)
      .where('deleted_at', deleted ? 'is not' : 'is', null)
      .executeTakeFirst();
  }

  async function own(who: Identity, id: string, deleted = false): Promise<CollectionRow> {
    const row = await find(id, deleted);
    if (row?.user_id === who.userId) return row;
    throw new AtelierError('not_found', `There is no collection ${id}. It may have been deleted.`, {
      data: { id },
    });
  }

  async function get(who: Identity, id: string): Promise<Collection> {
    const [collection] = await withFigures([await own(who, id)]);
    if (collection === undefined) throw new AtelierError('internal', `The collection ${id} has no figures.`);
    return collection;
  }

  return {
    async list(who) {
      const rows = await db
        .selectFrom('collections')
        .selectAll()
        .where('user_id', '=', who.userId)
        .where('deleted_at', 'is', null)
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return withFigures(rows);
    },
    async create(who, { name, description = '', attributes = {} }) {
      const at = now();
      const row: CollectionRow = {
        id: newId('col', at),
        user_id: who.userId,
        name: checkName(name),
        description,
        embedding_model: null,
        dimensions: null,
        attributes: JSON.stringify(checkAttributes(attributes)),
        created_at: at,
        updated_at: at,
        deleted_at: null,
      };
      await store.write([db.insertInto('collections').values(row)]);
      return get(who, row.id);
    },
    own: (who, id) => own(who, id),
    find: (id) => find(id),
    get,
    async update(who, id, { name, description, attributes }) {
      await own(who, id);
      await store.write([
        db
          .updateTable('collections')
          .set({
            ...(name === undefined ? {} : { name: checkName(name) }),
            ...(description === undefined ? {} : { description }),
            ...(attributes === undefined ? {} : { attributes: JSON.stringify(checkAttributes(attributes)) }),
            updated_at: now(),
          })
          .where('id', '=', id),
      ]);
      return get(who, id);
    },
    async setDeleted(who, id, deleted) {
      await own(who, id, !deleted);
      const at = now();
      await store.write([
        db
          .updateTable('collections')
          .set({ deleted_at: deleted ? at : null, updated_at: at })
          .where('id', '=', id),
      ]);
    },
    async setModel(id, model, dimensions) {
      await store.write([
        db
          .updateTable('collections')
          .set({ embedding_model: model, dimensions })
          .where('id', '=', id)
          .where('embedding_model', 'is', null),
      ]);
    },
  };
}

function checkName(name: string): string {
  const clean = name.trim();
  if (clean !== '' && clean.length <= LONGEST_NAME) return clean;
  throw new AtelierError(
    'invalid_request',
    `A collection needs a name of 1 to ${LONGEST_NAME} characters, and this one has ${clean.length}.`,
    { data: { name: clean.slice(0, LONGEST_NAME) } },
  );
}
