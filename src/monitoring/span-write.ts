// Turns spans into the statements of one batch: trace rows, sums (span-sums.ts), spans, contents, text index.
import type { Compilable } from 'kysely';
import type { Store } from '../store/store.ts';
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
function reopening({ db }: Store, { traceId, spanId, parentId }: SpanRecord): Compilable[] {
  const running = { status: 'running', end_us: null };
  return [
    db
      .updateTable('spans')
      .set({ ...running, error: null })
      .where('trace_id', '=', traceId)
      .where('span_id', '=', spanId),
    ...(parentId === null ? [db.updateTable('traces').set(running).where('trace_id', '=', traceId)] : []),
  ];
}

function traceRow({ span }: SpanRow) {
  const root = span.parentId === null;
  return {
    trace_id: span.traceId,
    name: span.name,
    start_us: span.startUs,
    end_us: root ? span.endUs : null,
    status: root ? span.status : 'running',
    user_id: span.userId,
    conversation_id: span.conversationId,
    model: root ? span.model : null,
    source: span.source,
    key_id: span.keyId,
    app: span.app,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost_nano: 0,
    cost_known: 0,
    cost_unknown: 0,
    ttft_ms: root ? span.timeToFirstTokenMs : null,
    span_count: 0,
    rating: null,
    content_bytes: 0,
  };
}

/** The root makes the row; a child that comes first holds its place. An ended trace never runs again. */
function traceRows({ db }: Store, rows: readonly SpanRow[]): Compilable[] {
  const roots = new Map<string, SpanRow>();
  const placeholders = new Map<string, SpanRow>();
  for (const row of rows) {
    const target = row.span.parentId === null ? roots : placeholders;
    if (!target.has(row.span.traceId)) target.set(row.span.traceId, row);
  }
  for (const traceId of roots.keys()) placeholders.delete(traceId);
  const statements: Compilable[] = [];
  if (roots.size > 0) {
    statements.push(
      db
        .insertInto('traces')
        .values([...roots.values()].map(traceRow))
        .onConflict((conflict) =>
          conflict
            .column('trace_id')
            .doUpdateSet((eb) => ({
              name: eb.ref('excluded.name'),
              start_us: eb.ref('excluded.start_us'),
              end_us: eb.ref('excluded.end_us'),
              status: eb.ref('excluded.status'),
              user_id: eb.ref('excluded.user_id'),
              conversation_id: eb.ref('excluded.conversation_id'),
              source: eb.ref('excluded.source'),
              key_id: eb.fn.coalesce('excluded.key_id', 'traces.key_id'),
              app: eb.fn.coalesce('excluded.app', 'traces.app'),
              model: eb.fn.coalesce('excluded.model', 'traces.model'),
              ttft_ms: eb.fn.coalesce('excluded.ttft_ms', 'traces.ttft_ms'),
            }))
            .where((eb) =>
              eb.or([eb('traces.status', '=', 'running'), eb('excluded.status', '<>', 'running')]),
            ),
        ),
    );
  }
  if (placeholders.size > 0) {
    statements.push(
      db
        .insertInto('traces')
        .values([...placeholders.values()].map(traceRow))
        .onConflict((conflict) => conflict.column('trace_id').doNothing()),
    );
  }
  return statements;
}

function spanRows({ db }: Store, rows: readonly SpanRow[]): Compilable[] {
  return [
    db
      .insertInto('spans')
      .values(
        rows.map(({ span, attributes }) => ({
          trace_id: span.traceId,
          span_id: span.spanId,
          parent_id: span.parentId,
          name: span.name,
          kind: span.kind,
          start_us: span.startUs,
          end_us: span.endUs,
          status: span.status,
          error: span.error === null ? null : toJson(span.error),
          user_id: span.userId,
          conversation_id: span.conversationId,
          model: span.model,
          usage: span.usage === null ? null : toJson(span.usage),
          cost: span.cost === null ? null : toJson(span.cost),
          ttft_ms: span.timeToFirstTokenMs,
          attributes,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['trace_id', 'span_id'])
          .doUpdateSet((eb) => ({
            end_us: eb.ref('excluded.end_us'),
            status: eb.ref('excluded.status'),
            error: eb.ref('excluded.error'),
            model: eb.ref('excluded.model'),
            usage: eb.ref('excluded.usage'),
            cost: eb.ref('excluded.cost'),
            ttft_ms: eb.ref('excluded.ttft_ms'),
            attributes: eb.ref('excluded.attributes'),
          }))
          .where((eb) => eb.or([eb('spans.status', '=', 'running'), eb('excluded.status', '<>', 'running')])),
      ),
  ];
}

function contentRows({ db }: Store, rows: readonly SpanRow[]): Compilable[] {
  const withContent = rows.filter((row) => row.input !== null || row.output !== null);
  if (withContent.length === 0) return [];
  return [
    db
      .insertInto('span_contents')
      .values(
        withContent.map(({ span, input, output }) => ({
          trace_id: span.traceId,
          span_id: span.spanId,
          input,
          output,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['trace_id', 'span_id']).doUpdateSet((eb) => ({
          input: eb.fn.coalesce('excluded.input', 'span_contents.input'),
          output: eb.fn.coalesce('excluded.output', 'span_contents.output'),
        })),
      ),
  ];
}

/**
 * What came in and what went out are a document each, because they are stored at different times; one document when they
 * come together. They are named after the trace. An attempt repeats its call and is left out.
 */
function textRows({ text }: Store, rows: readonly SpanRow[]): Compilable[] {
  return rows.flatMap(({ span, input, output }) => {
    if (span.kind === 'attempt' || (input === null && output === null)) return [];
    const words = searchableText(
      input === null ? undefined : span.input,
      output === null ? undefined : span.output,
    );
    if (words.trim() === '') return [];
    return text.put(
      TRACE_TEXT,
      textId(span.traceId, span.spanId, input === null ? 'out' : 'in'),
      span.userId,
      words,
    );
  });
}

export const textId = (traceId: string, spanId: string, side: 'in' | 'out'): string =>
  `${traceId}:${spanId}:${side}`;
