// The ledger as JSON Lines, oldest first, a few traces in memory at a time.
import type { TraceFilter } from '../contracts/span.ts';
import type { Store } from '../store/store.ts';
import { USER_RATING } from './rating.ts';
import { type Cursor, loadTraces, selectTraces } from './trace-query.ts';
import type { TraceRow } from './trace-rows.ts';

const PAGE = 100;
/** Each comes with its content. */
const RATINGS_PAGE = 20;
/** Content that is loaded at once, unless one trace alone has more. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;

function* inPortions(rows: readonly TraceRow[]): Generator<TraceRow[]> {
  let portion: TraceRow[] = [];
  let size = 0;
  for (const row of rows) {
    if (portion.length > 0 && size + row.content_bytes > BYTES_AT_ONCE) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(row);
    size += row.content_bytes;
  }
  if (portion.length > 0) yield portion;
}

/** One line a trace with its spans and scores. The filter's limit and cursor do not apply: everything that matches. */
export async function* exportTraces(
  store: Store,
  filter: TraceFilter,
  userId: string | null,
): AsyncGenerator<string> {
  let after: Cursor | null = null;
  for (;;) {
    const rows = await selectTraces(store, { ...filter, limit: PAGE }, userId, after, false);
    for (const portion of inPortions(rows)) {
      for (const trace of await loadTraces(store, portion)) yield `${JSON.stringify(trace)}\n`;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { startUs: last.start_us, traceId: last.trace_id };
  }
}

/**
 * One line a rated answer: the messages as sent, the answer, the rating, its reason, the correction and the model.
 * Messages and answer are null when the content of that call was not kept.
 */
export async function* exportRatings(store: Store, userId: string | null): AsyncGenerator<string> {
  let after: { at: number; id: string } | null = null;
  for (;;) {
    const rows = await selectRatings(store, userId, after);
    for (const row of rows) {
      const line = {
        traceId: row.trace_id,
        spanId: row.span_id,
        conversationId: row.conversation_id,
        model: row.model,
        messages: row.input === null ? null : (JSON.parse(row.input) as unknown),
        answer: row.output === null ? null : (JSON.parse(row.output) as unknown),
        rating: row.value,
        reason: row.reason,
        correction: row.correction,
        userId: row.user_id,
        ratedAt: row.created_at,
      };
      yield `${JSON.stringify(line)}\n`;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < RATINGS_PAGE) return;
    after = { at: last.created_at, id: last.id };
  }
}

function selectRatings(store: Store, userId: string | null, after: { at: number; id: string } | null) {
  return store.db
    .selectFrom('scores')
    .leftJoin('spans', (join) =>
      join.onRef('spans.trace_id', '=', 'scores.trace_id').onRef('spans.span_id', '=', 'scores.span_id'),
    )
    .leftJoin('span_contents', (join) =>
      join
        .onRef('span_contents.trace_id', '=', 'scores.trace_id')
        .onRef('span_contents.span_id', '=', 'scores.span_id'),
    )
    .selectAll('scores')
    .select(['spans.model', 'spans.conversation_id', 'span_contents.input', 'span_contents.output'])
    .where('scores.name', '=', USER_RATING)
    .where((eb) => {
      const all = [];
      if (userId !== null) all.push(eb('scores.user_id', '=', userId));
      if (after !== null) {
        const later = eb('scores.created_at', '>', after.at);
        const sameTime = eb.and([eb('scores.created_at', '=', after.at), eb('scores.id', '>', after.id)]);
        all.push(eb.or([later, sameTime]));
      }
      return eb.and(all);
    })
    .orderBy('scores.created_at')
    .orderBy('scores.id')
    .limit(RATINGS_PAGE)
    .execute();
}
