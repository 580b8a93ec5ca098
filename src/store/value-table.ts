// Many rows as one parameter: a table expression over a JSON array, so that a statement's text is the same for any number
// of rows and is compiled, bound and sent once.
import { type RawBuilder, sql } from 'kysely';
import type { Store } from './store.ts';

export type ColumnType = 'text' | 'bigint' | 'double precision';

/**
 * `with v(...) as (...)`, to stand before a statement. A value is a string, a number or null; numbers are whole unless the
 * column is double precision.
 */
export function valueTable(
  kind: Store['kind'],
  columns: Readonly<Record<string, ColumnType>>,
  rows: readonly (readonly unknown[])[],
): RawBuilder<unknown> {
  const names = Object.keys(columns).join(', ');
  const plain = JSON.stringify(rows);
  // Looked for before it is looked into: a replacer makes all of it many times slower.
  const json = unfit.test(plain) ? JSON.stringify(rows, asText) : plain;
  if (kind === 'sqlite') {
    const cells = Object.keys(columns).map((_name, at) => `value ->> ${at}`);
    return sql`with v(${sql.raw(names)}) as (select ${sql.raw(cells.join(', '))} from json_each(${json}))`;
  }
  const cells = Object.values(columns).map((type, at) => `(value ->> ${at})::${type}`);
  // The order of the rows is that of the array, for what is numbered by it.
  return sql`with v(${sql.raw(names)}) as (select ${sql.raw(cells.join(', '))}
    from jsonb_array_elements(cast(${json} as jsonb)) with ordinality as rows (value, place) order by place)`;
}

/** How JSON writes a NUL, and half of a surrogate pair; a whole one is written as it is. */
const unfit = /\\u(0000|d[89a-f])/;

/**
 * As in any other parameter (parameters.ts): a NUL would pass within JSON and fail in PostgreSQL, and half of a pair, which
 * anybody can send as the name of a model, would fail there too and take the whole batch with it.
 */
const asText = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
