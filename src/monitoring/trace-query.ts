// Asks the ledger: the list of traces with its filters, one trace as a tree. Who may see a trace is part of the query.
import { type Expression, type SqlBool, sql } from 'kysely';
import { AtelierError } from '../contracts/errors.ts';
import type { Trace, TraceFilter, TraceSummary } from '../contracts/span.ts';
import type { Store } from '../store/store.ts';
import { TRACE_TEXT } from './span-write.ts';
import { type SpanRow, type TraceRow, toScore, toSpan, toTraceSummary } from './trace-rows.ts';

/** Most relevant spans that a text search looks at; beyond them a narrower text is needed. */
const TEXT_HITS = 2000;

export interface Cursor {
  startUs: number;
  traceId: string;
}

const toCursor = (row: TraceRow): string =>
  Buffer.from(`${row.start_us}.${row.trace_id}`).toString('base64url');

function readCursor(cursor: string): Cursor {
  const match = /^(\d+)\.([0-9a-f]{32})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new AtelierError(
      'invalid_request',
      'The cursor is not one that this list gave. Ask without a cursor.',
      {
        data: { cursor },
      },
    );
  }
  return { startUs: Number(match[1]), traceId: match[2] };
}

/** Everybody who has traces, by jumps over the index rather than by reading it. */
async function peopleWithTraces({ db }: Store): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const row = await db
      .selectFrom('traces')
      .select('user_id')
      .where('user_id', '>', found.at(-1) ?? '')
      .orderBy('user_id')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return found;
    found.push(row.user_id);
  }
}

/** Ids of the traces whose content holds the words. `userId` null: of everybody. */
async function tracesWithText(store: Store, text: string, userId: string | null): Promise<string[]> {
  const scopes = userId === null ? await peopleWithTraces(store) : [userId];
  const hits = await Promise.all(
    scopes.map((scope) => store.text.search(TRACE_TEXT, scope, text, TEXT_HITS)),
  );
  return [...new Set(hits.flat().map((id) => id.slice(0, 32)))];
}

const likePattern = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/** A page of rows in the order of their start. `descending`: newest first. */
export async function selectTraces(
  store: Store,
  filter: Omit<TraceFilter, 'cursor'>,
  userId: string | null,
  after: Cursor | null,
  descending: boolean,
): Promise<TraceRow[]> {
  const text = filter.text?.trim();
  const withText = text ? await tracesWithText(store, text, userId) : [];
  return store.db
    .selectFrom('traces')
    .selectAll()
    .where((eb) => {
      const all: Expression<SqlBool>[] = [];
      if (userId !== null) all.push(eb('user_id', '=', userId));
      if (filter.userId !== undefined) all.push(eb('user_id', '=', filter.userId));
      if (filter.model !== undefined) all.push(eb('model', '=', filter.model));
      if (filter.status !== undefined) all.push(eb('status', '=', filter.status));
      if (filter.conversationId !== undefined) all.push(eb('conversation_id', '=', filter.conversationId));
      if (filter.source !== undefined) all.push(eb('source', '=', filter.source));
      if (filter.keyId !== undefined) all.push(eb('key_id', '=', filter.keyId));
      if (filter.app !== undefined) all.push(eb('app', '=', filter.app));
      if (filter.rating !== undefined) all.push(eb('rating', '=', filter.rating));
      if (filter.from !== undefined) all.push(eb('start_us', '>=', Math.round(filter.from * 1000)));
      if (filter.to !== undefined) all.push(eb('start_us', '<', Math.round(filter.to * 1000)));
      if (text) {
        const pattern = likePattern(text);
        const like = (column: 'name' | 'trace_id' | 'conversation_id' | 'model') =>
          sql<SqlBool>`lower(${eb.ref(column)}) like ${pattern} escape '\\'`;
        const any: Expression<SqlBool>[] = [
          like('name'),
          like('trace_id'),
          like('conversation_id'),
          like('model'),
        ];
        if (withText.length > 0) any.push(eb('trace_id', 'in', withText));
        if (/^[0-9a-f]{16}$/i.test(text)) {
          const spans = eb.selectFrom('spans').select('trace_id').where('span_id', '=', text.toLowerCase());
          any.push(eb('trace_id', 'in', spans));
        }
        all.push(eb.or(any));
      }
      if (after !== null) {
        const sign = descending ? '<' : '>';
        all.push(eb('start_us', descending ? '<=' : '>=', after.startUs)); // lets an index find the place
        all.push(
          eb.or([
            eb('start_us', sign, after.startUs),
            eb.and([eb('start_us', '=', after.startUs), eb('trace_id', sign, after.traceId)]),
          ]),
        );
      }
      return eb.and(all);
    })
    .orderBy('start_us', descending ? 'desc' : 'asc')
    .orderBy('trace_id', descending ? 'desc' : 'asc')
    .limit(filter.limit)
    .execute();
}

export async function listTraces(
  store: Store,
  filter: TraceFilter,
  userId: string | null,
): Promise<{ traces: TraceSummary[]; nextCursor: string | null }> {
  const after = filter.cursor === undefined ? null : readCursor(filter.cursor);
  const rows = await selectTraces(store, { ...filter, limit: filter.limit + 1 }, userId, after, true);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    traces: page.map(toTraceSummary),
    nextCursor: rows.length > page.length && last !== undefined ? toCursor(last) : null,
  };
}

/** Spans, contents and scores of some traces, put together. */
export async function loadTraces(store: Store, rows: readonly TraceRow[]): Promise<Trace[]> {
  const ids = rows.map((row) => row.trace_id);
  if (ids.length === 0) return [];
  const [spans, contents, scores] = await Promise.all([
    store.db.selectFrom('spans').selectAll().where('trace_id', 'in', ids).execute(),
    store.db.selectFrom('span_contents').selectAll().where('trace_id', 'in', ids).execute(),
    store.db
      .selectFrom('scores')
      .selectAll()
      .where('trace_id', 'in', ids)
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  ]);
  const contentOf = new Map(contents.map((row) => [row.trace_id + row.span_id, row]));
  const spansOf = Map.groupBy(spans, (row) => row.trace_id);
  const scoresOf = Map.groupBy(scores, (row) => row.trace_id);
  return rows.map((row) => ({
    summary: toTraceSummary(row),
    spans: (spansOf.get(row.trace_id) ?? [])
      .sort(parentsFirst)
      .map((span) => toSpan(span, contentOf.get(span.trace_id + span.span_id))),
    scores: (scoresOf.get(row.trace_id) ?? []).map(toScore),
  }));
}

function parentsFirst(a: SpanRow, b: SpanRow): number {
  if (a.start_us !== b.start_us) return a.start_us - b.start_us;
  if (a.parent_id === b.span_id) return 1;
  if (b.parent_id === a.span_id) return -1;
  return a.span_id < b.span_id ? -1 : 1;
}

export async function getTrace(store: Store, traceId: string, userId: string | null): Promise<Trace> {
  let query = store.db.selectFrom('traces').selectAll().where('trace_id', '=', traceId);
  if (userId !== null) query = query.where('user_id', '=', userId);
  const row = await query.executeTakeFirst();
  const [trace] = row === undefined ? [] : await loadTraces(store, [row]);
  if (trace === undefined) {
    throw new AtelierError(
      'not_found',
      `There is no trace ${traceId}. It may have been removed by retention.`,
      {
        data: { traceId },
      },
    );
  }
  return trace;
}
