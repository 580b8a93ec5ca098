// Turns spans into the statements of one batch: trace rows, sums (span-sums.ts), spans, contents, text index.
import { type Compilable, type RawBuilder, sql } from 'kysely';
import { ownerOf } from '../store/ownership.ts';
import type { Store } from '../store/store.ts';
import { valueTable } from '../store/value-table.ts';
import { searchableText } from './searchable-text.ts';
import { type SpanRecord, toJson } from './span-record.ts';
import { hourlyLatencies, hourlySums, type SpanRow, traceSums } from './span-sums.ts';

export const TRACE_TEXT = 'trace';
const ROWS_A_STATEMENT = 256;

export interface SpanBatch {
  statements: Compilable[];
  /** To be called when the batch is stored. */
  stored(): void;
}

export function spanBatch(store: Store, spans: readonly SpanRecord[], keepContent: boolean): SpanBatch {
  const rows = spans.map((span): SpanRow => {
    const ended = span.endUs !== null;
    return {
      span,
      attributes: toJson(span.attributes),
      input: keepContent && span.input !== undefined ? toJson(span.input) : null,
      output: keepContent && ended && span.output !== undefined ? toJson(span.output) : null,
    };
  });
  const reopened = spans.filter((span) => span.reopened === true);
  const statements: Compilable[] = reopened.flatMap((span) => reopening(store, span));
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const chunk = rows.slice(from, from + ROWS_A_STATEMENT);
    statements.push(...traceRows(store, chunk), traceSums(store, chunk));
    statements.push(...hourlySums(store, chunk), ...hourlyLatencies(store, chunk));
    statements.push(...spanRows(store, chunk), ...contentRows(store, chunk));
    if (keepContent) statements.push(...textRows(store, chunk));
  }
  const withInput = rows.filter((row) => row.input !== null);
  return {
    statements,
    stored() {
      for (const { span } of withInput) span.input = undefined;
      for (const span of reopened) span.reopened = false;
    },
  };
}

/** Undoes the mark of an interruption. */
function reopening(store: Store, { traceId, spanId, parentId }: SpanRecord): Compilable[] {
  const { db } = store;
  const running = { status: 'running', end_us: null, owner: ownerOf(store) };
  return [
    db
      .updateTable('spans')
      .set({ ...running, error: null })
      .where('trace_id', '=', traceId)
      .where('span_id', '=', spanId),
    ...(parentId === null ? [db.updateTable('traces').set(running).where('trace_id', '=', traceId)] : []),
  ];
}

const traceColumns = {
  trace_id: 'text',
  name: 'text',
  start_us: 'bigint',
  end_us: 'bigint',
  status: 'text',
  user_id: 'text',
  conversation_id: 'text',
  model: 'text',
  source: 'text',
  key_id: 'text',
  app: 'text',
  ttft_ms: 'double precision',
  owner: 'bigint',
} as const;
const traceNames = Object.keys(traceColumns).join(', ');

/** What a trace has before anything is summed into it. */
const zeros = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nano',
  'cost_known',
  'cost_unknown',
  'span_count',
  'content_bytes',
];

function traceValues({ span }: SpanRow, owner: number | null): unknown[] {
  const root = span.parentId === null;
  return [
    span.traceId,
    span.name,
    span.startUs,
    root ? span.endUs : null,
    root ? span.status : 'running',
    span.userId,
    span.conversationId,
    root ? span.model : null,
    span.source,
    span.keyId,
    span.app,
    root ? span.timeToFirstTokenMs : null,
    owner,
  ];
}

/** The root makes the row; a child that comes first holds its place. An ended trace never runs again. */
function traceRows(store: Store, rows: readonly SpanRow[]): Compilable[] {
  const { db, kind } = store;
  const owner = ownerOf(store);
  const roots = new Map<string, SpanRow>();
  const placeholders = new Map<string, SpanRow>();
  for (const row of rows) {
    const target = row.span.parentId === null ? roots : placeholders;
    if (!target.has(row.span.traceId)) target.set(row.span.traceId, row);
  }
  for (const traceId of roots.keys()) placeholders.delete(traceId);
  const insert = (of: Map<string, SpanRow>, onConflict: RawBuilder<unknown>): Compilable[] => {
    if (of.size === 0) return [];
    const values = [...of.values()].map((row) => traceValues(row, owner));
    const query = sql`${valueTable(kind, traceColumns, values)}
      insert into traces (${sql.raw(traceNames)}, ${sql.raw(zeros.join(', '))})
      select ${sql.raw(traceNames)}, ${sql.raw(zeros.map(() => '0').join(', '))} from v where 1 = 1
      on conflict (trace_id) ${onConflict}`;
    return [{ compile: () => query.compile(db) }];
  };
  return [
    ...insert(
      roots,
      sql`do update set name = excluded.name, start_us = excluded.start_us, end_us = excluded.end_us,
        status = excluded.status, user_id = excluded.user_id, conversation_id = excluded.conversation_id,
        source = excluded.source, key_id = excluded.key_id, app = excluded.app, owner = excluded.owner,
        model = coalesce(excluded.model, traces.model), ttft_ms = coalesce(excluded.ttft_ms, traces.ttft_ms)
        where traces.status = 'running' or excluded.status <> 'running'`,
    ),
    ...insert(placeholders, sql`do nothing`),
  ];
}

const spanColumns = {
  trace_id: 'text',
  span_id: 'text',
  parent_id: 'text',
  name: 'text',
  kind: 'text',
  start_us: 'bigint',
  end_us: 'bigint',
  status: 'text',
  error: 'text',
  user_id: 'text',
  conversation_id: 'text',
  model: 'text',
  usage: 'text',
  cost: 'text',
  ttft_ms: 'double precision',
  attributes: 'text',
  owner: 'bigint',
} as const;
const spanNames = Object.keys(spanColumns).join(', ');

function spanRows(store: Store, rows: readonly SpanRow[]): Compilable[] {
  const { db, kind } = store;
  const owner = ownerOf(store);
  const values = rows.map(({ span, attributes }) => [
    span.traceId,
    span.spanId,
    span.parentId,
    span.name,
    span.kind,
    span.startUs,
    span.endUs,
    span.status,
    span.error === null ? null : toJson(span.error),
    span.userId,
    span.conversationId,
    span.model,
    span.usage === null ? null : toJson(span.usage),
    span.cost === null ? null : toJson(span.cost),
    span.timeToFirstTokenMs,
    attributes,
    owner,
  ]);
  const query = sql`${valueTable(kind, spanColumns, values)}
    insert into spans (${sql.raw(spanNames)}) select ${sql.raw(spanNames)} from v where 1 = 1
    on conflict (trace_id, span_id) do update set
      end_us = excluded.end_us, status = excluded.status, error = excluded.error, model = excluded.model,
      usage = excluded.usage, cost = excluded.cost, ttft_ms = excluded.ttft_ms, attributes = excluded.attributes,
      owner = excluded.owner
      where spans.status = 'running' or excluded.status <> 'running'`;
  return [{ compile: () => query.compile(db) }];
}

const contentColumns = { trace_id: 'text', span_id: 'text', input: 'text', output: 'text' } as const;

function contentRows({ db, kind }: Store, rows: readonly SpanRow[]): Compilable[] {
  const values = rows.flatMap(({ span, input, output }) =>
    input === null && output === null ? [] : [[span.traceId, span.spanId, input, output]],
  );
  if (values.length === 0) return [];
  const query = sql`${valueTable(kind, contentColumns, values)}
    insert into span_contents (trace_id, span_id, input, output)
    select trace_id, span_id, input, output from v where 1 = 1
    on conflict (trace_id, span_id) do update set
      input = coalesce(excluded.input, span_contents.input), output = coalesce(excluded.output, span_contents.output)`;
  return [{ compile: () => query.compile(db) }];
}

/**
 * What came in and what went out are a document each, because they are stored at different times; one document when they
 * come together. They are named after the trace. An attempt repeats its call and is left out.
 */
function textRows({ text }: Store, rows: readonly SpanRow[]): Compilable[] {
  const documents = rows.flatMap(({ span, input, output }) => {
    if (span.kind === 'attempt' || (input === null && output === null)) return [];
    const words = searchableText(
      input === null ? undefined : span.input,
      output === null ? undefined : span.output,
    );
    if (words.trim() === '') return [];
    const id = textId(span.traceId, span.spanId, input === null ? 'out' : 'in');
    return [{ id, scope: span.userId, text: words }];
  });
  return text.putAll(TRACE_TEXT, documents);
}

export const textId = (traceId: string, spanId: string, side: 'in' | 'out'): string =>
  `${traceId}:${spanId}:${side}`;
