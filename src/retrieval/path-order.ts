// Documents by their path, in the way in which each store has indexed it: PostgreSQL by a hash and by the beginning of the
// path (0008-document-paths.ts), SQLite by the path itself.
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../store/store.ts';

export interface PathOrder {
  /** Is of this path. */
  is(path: string): RawBuilder<boolean>;
  /** Comes behind it. */
  isAfter(path: string): RawBuilder<boolean>;
  /** To order by. */
  order: RawBuilder<string>;
}

const path = sql.ref<string>('documents.path');

const bySqlite: PathOrder = {
  is: (one) => sql`${path} = ${one}`,
  isAfter: (one) => sql`${path} > ${one}`,
  order: path,
};

const byPostgres: PathOrder = {
  is: (one) => sql`(document_path_key(${path}) = document_path_key(${one}) and ${path} = ${one})`,
  isAfter: (one) => sql`(left(${path}, 200), ${path}) > (left(${one}, 200), ${one})`,
  order: sql`left(${path}, 200), ${path}`,
};

export const pathOrder = ({ kind }: Pick<Store, 'kind'>): PathOrder =>
  kind === 'sqlite' ? bySqlite : byPostgres;
