// Stored rows of the ledger as the contract's nouns.
import type { Selectable } from 'kysely';
import type { ErrorBody } from '../contracts/errors.ts';
import type { Cost, Usage } from '../contracts/money.ts';
import type { Score } from '../contracts/score.ts';
import type { Span, TraceSummary } from '../contracts/span.ts';
import type { Database } from '../store/schema.ts';

export type TraceRow = Selectable<Database['traces']>;
export type SpanRow = Selectable<Database['spans']>;
export type ContentRow = Selectable<Database['span_contents']>;
export type ScoreRow = Selectable<Database['scores']>;

const parse = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

/** `unknown` wins over a known sum: a figure that leaves out an unpriced call would understate what was spent. */
function traceCost(row: Pick<TraceRow, 'cost_nano' | 'cost_known' | 'cost_unknown'>): Cost {
  if (row.cost_unknown) return { kind: 'unknown' };
  return row.cost_known ? { kind: 'known', nanoDollars: row.cost_nano } : { kind: 'none' };
}

export function toTraceSummary(row: TraceRow): TraceSummary {
  return {
    traceId: row.trace_id,
    name: row.name,
    startUs: row.start_us,
    durationMs: row.end_us === null ? null : (row.end_us - row.start_us) / 1000,
    status: row.status as TraceSummary['status'],
    userId: row.user_id,
    conversationId: row.conversation_id,
    model: row.model,
    source: row.source,
    keyId: row.key_id,
    app: row.app,
    usage: {
      input: row.input_tokens,
      output: row.output_tokens,
      cacheRead: row.cache_read_tokens,
      cacheWrite: row.cache_write_tokens,
      reasoning: row.reasoning_tokens,
    },
    cost: traceCost(row),
    timeToFirstTokenMs: row.ttft_ms,
    spanCount: row.span_count,
    rating: row.rating,
  };
}

export function toSpan(row: SpanRow, content: ContentRow | undefined): Span {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentId: row.parent_id,
    name: row.name,
    kind: row.kind as Span['kind'],
    startUs: row.start_us,
    endUs: row.end_us,
    status: row.status as Span['status'],
    error: parse<ErrorBody>(row.error),
    userId: row.user_id,
    conversationId: row.conversation_id,
    model: row.model,
    usage: parse<Usage>(row.usage),
    cost: parse<Cost>(row.cost),
    timeToFirstTokenMs: row.ttft_ms,
    attributes: parse<Record<string, unknown>>(row.attributes) ?? {},
    input: parse<unknown>(content?.input ?? null),
    output: parse<unknown>(content?.output ?? null),
  };
}

export function toScore(row: ScoreRow): Score {
  return {
    id: row.id,
    traceId: row.trace_id,
    spanId: row.span_id,
    name: row.name,
    value: row.value,
    reason: row.reason,
    correction: row.correction,
    source: row.source as Score['source'],
    userId: row.user_id,
    createdAt: row.created_at,
  };
}
