// The sums that a batch of spans adds to their traces and to the hourly figures, written once for both stores.
// Delivered twice, a span is counted once: figures are added only for what the stored row does not show yet, and that
// check runs inside the batch, before the spans' own rows. A span counts when it carries a cost: only the charged do.
import { type Compilable, sql } from 'kysely';
import { attribute } from '../contracts/span.ts';
import type { Store } from '../store/store.ts';
import { valueTable } from '../store/value-table.ts';
import { latencyBucket } from './latency-buckets.ts';
import type { SpanRecord } from './span-record.ts';

const HOUR_MS = 3_600_000;
/** What a span takes beside its content and attributes, roughly; so that retention by size sees traces without content. */
const SPAN_BYTES = 300;

/** A span with the JSON that is stored of it. */
export interface SpanRow {
  span: SpanRecord;
  attributes: string;
  input: string | null;
  output: string | null;
}

const bytes = (json: string | null): number => (json === null ? 0 : Buffer.byteLength(json));

const traceColumns = {
  trace_id: 'text',
  span_id: 'text',
  ended: 'bigint',
  input: 'bigint',
  output: 'bigint',
  cache_read: 'bigint',
  cache_write: 'bigint',
  reasoning: 'bigint',
  cost: 'bigint',
  known: 'bigint',
  unknown: 'bigint',
  in_bytes: 'bigint',
  out_bytes: 'bigint',
  model: 'text',
  ttft: 'double precision',
} as const;

export function traceSums({ db, kind }: Store, rows: readonly SpanRow[]): Compilable {
  const values = rows.map(({ span, attributes, input, output }) => {
    const usage = span.cost === null ? null : span.usage;
    return [
      span.traceId,
      span.spanId,
      span.endUs === null ? 0 : 1,
      usage?.input ?? 0,
      usage?.output ?? 0,
      usage?.cacheRead ?? 0,
      usage?.cacheWrite ?? 0,
      usage?.reasoning ?? 0,
      span.cost?.kind === 'known' ? span.cost.nanoDollars : 0,
      span.cost?.kind === 'known' ? 1 : 0,
      span.cost?.kind === 'unknown' ? 1 : 0,
      bytes(input) + SPAN_BYTES,
      bytes(output) + bytes(attributes),
      span.cost === null ? null : span.model,
      span.cost === null ? null : span.timeToFirstTokenMs,
    ];
  });
  const ends = sql.raw('v.ended = 1 and s.end_us is null');
  const sum = (name: string) => sql`sum(case when ${ends} then ${sql.ref(`v.${name}`)} else 0 end)`;
  const query = sql`${valueTable(kind, traceColumns, values)}
    update traces set
      input_tokens = traces.input_tokens + d.input, output_tokens = traces.output_tokens + d.output,
      cache_read_tokens = traces.cache_read_tokens + d.cache_read,
      cache_write_tokens = traces.cache_write_tokens + d.cache_write,
      reasoning_tokens = traces.reasoning_tokens + d.reasoning,
      cost_nano = traces.cost_nano + d.cost,
      cost_known = case when d.known > 0 then 1 else traces.cost_known end,
      cost_unknown = case when d.unknown > 0 then 1 else traces.cost_unknown end,
      span_count = traces.span_count + d.spans, content_bytes = traces.content_bytes + d.bytes,
      model = coalesce(traces.model, d.model), ttft_ms = coalesce(traces.ttft_ms, d.ttft)
    from (select v.trace_id, ${sum('input')} as input, ${sum('output')} as output, ${sum('cache_read')} as cache_read,
        ${sum('cache_write')} as cache_write, ${sum('reasoning')} as reasoning, ${sum('cost')} as cost,
        ${sum('known')} as known, ${sum('unknown')} as unknown,
        sum(case when s.span_id is null then 1 else 0 end) as spans,
        sum(case when s.span_id is null then v.in_bytes else 0 end) + ${sum('out_bytes')} as bytes,
        max(v.model) as model, max(v.ttft) as ttft
      from v left join spans s on s.trace_id = v.trace_id and s.span_id = v.span_id group by v.trace_id) as d
    where traces.trace_id = d.trace_id`;
  return { compile: () => query.compile(db) };
}

const hourOf = (span: SpanRecord): number => Math.floor(span.startUs / (HOUR_MS * 1000)) * HOUR_MS;
const isCall = ({ kind }: SpanRecord): boolean => kind === 'model' || kind === 'embedding';

/** What the cache or a cheaper model saved. A call's root and its attempt may both tell it: the attempt's counts. */
function savedBy(span: SpanRecord): number {
  const saved = span.kind === 'attempt' ? span.attributes[attribute.savedNano] : 0;
  return Number.isSafeInteger(saved) ? (saved as number) : 0;
}

const hourColumns = {
  trace_id: 'text',
  span_id: 'text',
  hour: 'bigint',
  user_id: 'text',
  model: 'text',
  calls: 'bigint',
  errors: 'bigint',
  input: 'bigint',
  output: 'bigint',
  cost: 'bigint',
  unpriced: 'bigint',
  saved: 'bigint',
  duration: 'bigint',
} as const;

/** Calls are spans of kind model and embedding; tokens and money are those of the charged spans. */
export function hourlySums({ db, kind }: Store, rows: readonly SpanRow[]): Compilable[] {
  const values: unknown[][] = [];
  for (const { span } of rows) {
    const call = isCall(span);
    const saved = savedBy(span);
    if (span.endUs === null || !(call || span.cost !== null || saved > 0)) continue;
    const usage = span.cost === null ? null : span.usage;
    values.push([
      span.traceId,
      span.spanId,
      hourOf(span),
      span.userId,
      span.model ?? '',
      call ? 1 : 0,
      call && span.status === 'error' ? 1 : 0,
      usage?.input ?? 0,
      usage?.output ?? 0,
      span.cost?.kind === 'known' ? span.cost.nanoDollars : 0,
      span.cost?.kind === 'unknown' ? 1 : 0,
      saved,
      call ? Math.round((span.endUs - span.startUs) / 1000) : 0,
    ]);
  }
  if (values.length === 0) return [];
  const query = sql`${valueTable(kind, hourColumns, values)}
    insert into usage_hourly (hour, user_id, key_id, app, model, source, calls, errors, input_tokens, output_tokens,
      cost_nano, unpriced_calls, saved_nano, duration_ms)
    select v.hour, v.user_id, coalesce(t.key_id, ''), coalesce(t.app, ''), v.model, coalesce(t.source, ''), sum(v.calls),
      sum(v.errors), sum(v.input), sum(v.output), sum(v.cost), sum(v.unpriced), sum(v.saved),
      sum(v.duration)
    from v left join spans s on s.trace_id = v.trace_id and s.span_id = v.span_id
      left join traces t on t.trace_id = v.trace_id
    where s.end_us is null
    group by v.hour, v.user_id, coalesce(t.key_id, ''), coalesce(t.app, ''), v.model, coalesce(t.source, '')
    on conflict (hour, user_id, key_id, app, model, source) do update set
      calls = usage_hourly.calls + excluded.calls, errors = usage_hourly.errors + excluded.errors,
      input_tokens = usage_hourly.input_tokens + excluded.input_tokens,
      output_tokens = usage_hourly.output_tokens + excluded.output_tokens,
      cost_nano = usage_hourly.cost_nano + excluded.cost_nano,
      unpriced_calls = usage_hourly.unpriced_calls + excluded.unpriced_calls,
      saved_nano = usage_hourly.saved_nano + excluded.saved_nano,
      duration_ms = usage_hourly.duration_ms + excluded.duration_ms`;
  return [{ compile: () => query.compile(db) }];
}

const latencyColumns = {
  trace_id: 'text',
  span_id: 'text',
  hour: 'bigint',
  user_id: 'text',
  model: 'text',
  measure: 'text',
  bucket: 'bigint',
} as const;

/** How long the calls that succeeded took, to their end and to their first token, as counts by step. */
export function hourlyLatencies({ db, kind }: Store, rows: readonly SpanRow[]): Compilable[] {
  const values: unknown[][] = [];
  for (const { span } of rows) {
    if (span.endUs === null || span.status !== 'ok' || !isCall(span)) continue;
    const common = [span.traceId, span.spanId, hourOf(span), span.userId, span.model ?? ''];
    values.push([...common, 'duration', latencyBucket((span.endUs - span.startUs) / 1000)]);
    if (span.timeToFirstTokenMs !== null)
      values.push([...common, 'ttft', latencyBucket(span.timeToFirstTokenMs)]);
  }
  if (values.length === 0) return [];
  const query = sql`${valueTable(kind, latencyColumns, values)}
    insert into latency_hourly (hour, user_id, key_id, app, model, source, measure, bucket, calls)
    select v.hour, v.user_id, coalesce(t.key_id, ''), coalesce(t.app, ''), v.model, coalesce(t.source, ''), v.measure,
      v.bucket, count(*)
    from v left join spans s on s.trace_id = v.trace_id and s.span_id = v.span_id
      left join traces t on t.trace_id = v.trace_id
    where s.end_us is null
    group by v.hour, v.user_id, coalesce(t.key_id, ''), coalesce(t.app, ''), v.model, coalesce(t.source, ''), v.measure,
      v.bucket
    on conflict (hour, user_id, key_id, app, model, source, measure, bucket) do update set
      calls = latency_hourly.calls + excluded.calls`;
  return [{ compile: () => query.compile(db) }];
}
