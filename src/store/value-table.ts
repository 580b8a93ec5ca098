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
  const json = plain.includes('\\u0000') ? JSON.stringify(rows, withoutNul) : plain;
  if (kind === 'sqlite') {
    const cells = Object.keys(columns).map((_name, at) => `value ->> ${at}`);
    return sql`with v(${sql.raw(names)}) as (select ${sql.raw(cells.join(', '))} from json_each(${json}))`;
  }
  const cells = Object.values(columns).map((type, at) => `(value ->> ${at})::${type}`);
  // The order of the rows is that of the array, for what is numbered by it.
  return sql`with v(${sql.raw(names)}) as (select ${sql.raw(cells.join(', '))}
    from jsonb_array_elements(cast(${json} as jsonb)) with ordinality as rows (value, place) order by place)`;
}

/** As in any other parameter (parameters.ts): within JSON it would pass there, and fail in PostgreSQL. */
const withoutNul = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value;
