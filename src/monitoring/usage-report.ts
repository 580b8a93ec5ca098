// What was called and spent, grouped, from the hourly figures: no span is read. Whose rows count is part of the query.
import { type Expression, type SqlBool, sql } from 'kysely';
import type { UsageQuery, UsageReport, UsageRow } from '../contracts/usage.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { percentilesOf } from './latency-buckets.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type HourlyTable = 'usage_hourly' | 'latency_hourly';
type Group = UsageQuery['by'];

/** By group as SQL; a total table, so that a group that is added asks for its row. */
const columnOf: Record<Group, ReturnType<typeof sql<string | number>>> = {
  hour: sql`hour`,
  day: sql`hour - hour % ${sql.lit(DAY_MS)}`,
  model: sql`model`,
  user: sql`user_id`,
  key: sql`key_id`,
  app: sql`app`,
  source: sql`source`,
};
const isTime = (by: Group): boolean => by === 'hour' || by === 'day';

/** Both tables have the columns that are asked for here. */
function rowsOf<Table extends HourlyTable>(
  { db }: Store,
  table: Table,
  query: UsageQuery,
  userId: string | null,
) {
  const equals: [keyof Database[HourlyTable], string | undefined][] = [
    ['model', query.model],
    ['user_id', query.userId],
    ['key_id', query.keyId],
    ['app', query.app],
    ['source', query.source],
  ];
  const all: Expression<SqlBool>[] = [sql<SqlBool>`hour >= ${query.from - (query.from % HOUR_MS)}`];
  if (query.to !== undefined) all.push(sql<SqlBool>`hour < ${query.to}`);
  if (userId !== null) all.push(sql<SqlBool>`user_id = ${userId}`);
  for (const [column, value] of equals)
    if (value !== undefined) all.push(sql<SqlBool>`${sql.ref(column)} = ${value}`);
  return { db, table: sql.table(table), where: sql.join(all, sql` and `) };
}

interface Sums {
  grp: string | number;
  calls: number | string;
  errors: number | string;
  input_tokens: number | string;
  output_tokens: number | string;
  cost_nano: number | string;
  unpriced_calls: number | string;
  saved_nano: number | string;
}

function readSums(store: Store, query: UsageQuery, userId: string | null): Promise<Sums[]> {
  const { db, table, where } = rowsOf(store, 'usage_hourly', query, userId);
  return sql<Sums>`select ${columnOf[query.by]} as grp, sum(calls) as calls, sum(errors) as errors,
      sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cost_nano) as cost_nano,
      sum(unpriced_calls) as unpriced_calls, sum(saved_nano) as saved_nano
    from ${table} where ${where} group by ${columnOf[query.by]}`
    .execute(db)
    .then(({ rows }) => rows);
}

type Counts = Map<number, number>;
interface Latencies {
  duration: Counts;
  ttft: Counts;
}
const noLatencies = (): Latencies => ({ duration: new Map(), ttft: new Map() });

/** Counts by step of each group, and under the empty key of `total` those of all. */
async function readLatencies(store: Store, query: UsageQuery, userId: string | null) {
  const { db, table, where } = rowsOf(store, 'latency_hourly', query, userId);
  const { rows } = await sql<{
    grp: string | number;
    measure: string;
    bucket: number | string;
    calls: number | string;
  }>`select ${columnOf[query.by]} as grp, measure, bucket, sum(calls) as calls
    from ${table} where ${where} group by ${columnOf[query.by]}, measure, bucket`.execute(db);
  const total = noLatencies();
  const groups = new Map<string, Latencies>();
  for (const row of rows) {
    const group = String(row.grp);
    const own = groups.get(group) ?? noLatencies();
    groups.set(group, own);
    const bucket = Number(row.bucket);
    for (const into of [own, total]) {
      const counts = row.measure === 'ttft' ? into.ttft : into.duration;
      counts.set(bucket, (counts.get(bucket) ?? 0) + Number(row.calls));
    }
  }
  return { groups, total };
}

/** Names of people and keys; what was removed since keeps its id alone. */
async function labelsOf({ db }: Store, by: Group, ids: readonly string[]): Promise<Map<string, string>> {
  const known = ids.filter((id) => id !== '');
  if (known.length === 0 || (by !== 'user' && by !== 'key')) return new Map();
  const table = by === 'user' ? 'users' : 'api_keys';
  const rows = await db.selectFrom(table).select(['id', 'name']).where('id', 'in', known).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const emptyRow = (): Omit<UsageRow, 'durationMs' | 'firstTokenMs'> => ({
  group: '',
  label: '',
  calls: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNano: 0,
  unpricedCalls: 0,
});

const withLatencies = (row: ReturnType<typeof emptyRow>, latencies = noLatencies()): UsageRow => ({
  ...row,
  durationMs: percentilesOf(latencies.duration),
  firstTokenMs: percentilesOf(latencies.ttft),
});

export async function usageReport(
  store: Store,
  query: UsageQuery,
  userId: string | null,
): Promise<UsageReport> {
  const [sums, latencies] = await Promise.all([
    readSums(store, query, userId),
    readLatencies(store, query, userId),
  ]);
  const labels = await labelsOf(
    store,
    query.by,
    sums.map(({ grp }) => String(grp)),
  );
  const total = emptyRow();
  let savedNano = 0;
  const rows = sums.map((sum) => {
    const group = String(sum.grp);
    const row = {
      group,
      label: labels.get(group) ?? '',
      calls: Number(sum.calls),
      errors: Number(sum.errors),
      inputTokens: Number(sum.input_tokens),
      outputTokens: Number(sum.output_tokens),
      costNano: Number(sum.cost_nano),
      unpricedCalls: Number(sum.unpriced_calls),
    };
    for (const key of [
      'calls',
      'errors',
      'inputTokens',
      'outputTokens',
      'costNano',
      'unpricedCalls',
    ] as const)
      total[key] += row[key];
    savedNano += Number(sum.saved_nano);
    return withLatencies(row, latencies.groups.get(group));
  });
  rows.sort(
    isTime(query.by)
      ? (a, b) => Number(a.group) - Number(b.group)
      : (a, b) => b.costNano - a.costNano || b.calls - a.calls || (a.group < b.group ? -1 : 1),
  );
  return { rows, total: withLatencies(total, latencies.total), savedNano };
}
