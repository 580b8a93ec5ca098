// The attribute filter of the vector-store wire as a condition on `documents.attributes` (JSON text) of either store.
// A missing key, and a value of another type, equal nothing and are neither above nor below: `ne` and `nin` let them by.
import { type RawBuilder, sql } from 'kysely';
import type { AttributeFilter } from '../../contracts/knowledge.ts';
import type { Store } from '../../store/store.ts';

type Scalar = string | number | boolean;
type Condition = RawBuilder<unknown>;

const signs = { gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` };

/** @param attributes the column, such as `d.attributes` */
export function filterCondition(
  filter: AttributeFilter,
  attributes: Condition,
  kind: Store['kind'],
): Condition {
  const { each, equals, isAnyOf, compares } = kind === 'sqlite' ? sqlite : postgres;
  const some = (key: string, test: Condition) =>
    sql`exists (select 1 from ${each(attributes)} where pair.key = ${key} and ${test})`;
  const any = (values: readonly Scalar[]) => (values.length === 0 ? sql`1 = 0` : isAnyOf(values));
  switch (filter.type) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((part) => filterCondition(part, attributes, kind));
      if (parts.length === 0) return filter.type === 'and' ? sql`1 = 1` : sql`1 = 0`;
      return sql`(${sql.join(parts, filter.type === 'and' ? sql` and ` : sql` or `)})`;
    }
    case 'eq':
      return some(filter.key, equals(filter.value));
    case 'ne':
      return sql`not ${some(filter.key, equals(filter.value))}`;
    case 'in':
      return some(filter.key, any(filter.value));
    case 'nin':
      return sql`not ${some(filter.key, any(filter.value))}`;
    default:
      return typeof filter.value === 'boolean'
        ? sql`1 = 0`
        : some(filter.key, compares(signs[filter.type], filter.value));
  }
}

interface Dialect {
  each(attributes: Condition): Condition;
  equals(value: Scalar): Condition;
  /** As a list and not as a chain of `or`: SQLite refuses a chain of some hundred links. */
  isAnyOf(values: readonly Scalar[]): Condition;
  compares(sign: Condition, value: string | number): Condition;
}

const sqlite: Dialect = {
  each: (attributes) => sql`json_each(${attributes}) as pair`,
  equals: (value) =>
    typeof value === 'boolean'
      ? sql`pair.type = ${String(value)}`
      : sql`(${typed(value)} and pair.value = ${value})`,
  isAnyOf: (values) =>
    sql`case when pair.type = 'text' then ${isIn(sql`pair.value`, values, 'string')}
      when pair.type in ('integer', 'real') then ${isIn(sql`pair.value`, values, 'number')}
      else ${isIn(sql`pair.type`, values, 'boolean')} end`,
  compares: (sign, value) => sql`(${typed(value)} and pair.value ${sign} ${value})`,
};

const typed = (value: string | number) =>
  typeof value === 'string' ? sql`pair.type = 'text'` : sql`pair.type in ('integer', 'real')`;

function isIn(value: Condition, among: readonly Scalar[], type: 'string' | 'number' | 'boolean'): Condition {
  const own = among.filter((one) => typeof one === type);
  const list = type === 'boolean' ? own.map(String) : own;
  return list.length === 0 ? sql`0` : sql`${value} in (${sql.join(list)})`;
}

const postgres: Dialect = {
  each: (attributes) => sql`jsonb_each(${attributes}::jsonb) as pair`,
  equals: (value) => sql`pair.value = ${JSON.stringify(value)}::jsonb`,
  isAnyOf: (values) =>
    sql`pair.value in (${sql.join(values.map((value) => sql`${JSON.stringify(value)}::jsonb`))})`,
  // A cast is only tried where the type is right; "C" orders by code point, as SQLite does.
  compares: (sign, value) =>
    typeof value === 'number'
      ? sql`case when jsonb_typeof(pair.value) = 'number'
          then (pair.value #>> '{}')::float8 ${sign} ${value}::float8 else false end`
      : sql`case when jsonb_typeof(pair.value) = 'string'
          then (pair.value #>> '{}') collate "C" ${sign} ${value}::text else false end`,
};
