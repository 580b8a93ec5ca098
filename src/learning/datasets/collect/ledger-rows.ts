// Reads from the ledger what examples can be made of: rated answers, and the answer of a trace. Whose they are is part of
// every row: who may take them is decided by collect.ts.
import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../../../store/schema.ts';
import type { Store } from '../../../store/store.ts';
import type { CollectOrder } from '../datasets.ts';

/** Each comes with its content. */
const ROWS_AT_ONCE = 50;
const USER_RATING = 'user.rating';

export interface AnswerRow {
  traceId: string;
  spanId: string;
  personId: string;
  model: string | null;
  input: string | null;
  output: string | null;
}

export interface RatedRow extends AnswerRow {
  rating: number;
  correction: string | null;
}

type Call = Omit<AnswerRow, 'personId'>;

/** Work of the house about an answer, and no answer: titles, decisions, plans. */
const isAnswer = (eb: ExpressionBuilder<Database, 'spans'>) =>
  eb.and([
    eb('spans.kind', '=', 'model'),
    eb('spans.status', '=', 'ok'),
    eb('spans.name', '<>', 'title'),
    eb('spans.name', 'not like', 'decide%'),
    eb('spans.name', 'not like', 'plan %'),
  ]);

/** The calls of models in these traces, in order. */
async function callsOf({ db }: Store, traceIds: readonly string[]): Promise<Map<string, Call[]>> {
  if (traceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('spans')
    .leftJoin('span_contents', (join) =>
      join
        .onRef('span_contents.trace_id', '=', 'spans.trace_id')
        .onRef('span_contents.span_id', '=', 'spans.span_id'),
    )
    .select(['spans.trace_id', 'spans.span_id', 'spans.model', 'span_contents.input', 'span_contents.output'])
    .where('spans.trace_id', 'in', traceIds)
    .where(isAnswer)
    .orderBy('spans.start_us')
    .execute();
  return Map.groupBy(
    rows.map((row) => ({
      traceId: row.trace_id,
      spanId: row.span_id,
      model: row.model,
      input: row.input,
      output: row.output,
    })),
    ({ traceId }) => traceId,
  );
}

const nothing = { spanId: '', model: null, input: null, output: null };

/** Rated answers, oldest first. An agent's run, or an answer from documents, is the last call in it. */
export async function* ratedRows(store: Store, order: CollectOrder): AsyncGenerator<RatedRow> {
  for (let after = { at: order.since ?? 0, id: '' }; ; ) {
    let query = store.db
      .selectFrom('scores')
      .innerJoin('traces', 'traces.trace_id', 'scores.trace_id')
      .selectAll('scores')
      .where('scores.name', '=', USER_RATING)
      .where('scores.created_at', '>=', after.at)
      .where((eb) => eb.or([eb('scores.created_at', '>', after.at), eb('scores.id', '>', after.id)]));
    if (order.rating !== undefined) query = query.where('scores.value', '=', order.rating);
    if (order.model !== undefined) query = query.where('traces.model', '=', order.model);
    if (order.app !== undefined) query = query.where('traces.app', '=', order.app);
    const rows = await query.orderBy('scores.created_at').orderBy('scores.id').limit(ROWS_AT_ONCE).execute();
    const calls = await callsOf(
      store,
      rows.map(({ trace_id }) => trace_id),
    );
    for (const row of rows) {
      const all = calls.get(row.trace_id) ?? [];
      const call = all.find(({ spanId }) => spanId === row.span_id) ?? all.at(-1) ?? nothing;
      yield {
        ...call,
        traceId: row.trace_id,
        spanId: row.span_id,
        personId: row.user_id,
        rating: row.value,
        correction: row.correction,
      };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = { at: last.created_at, id: last.id };
  }
}

/** The last answer of each trace that ended well, oldest first; not those of jobs, such as evaluations. */
export async function* tracedRows(store: Store, order: CollectOrder): AsyncGenerator<AnswerRow> {
  for (let after = { startUs: Math.round((order.since ?? 0) * 1000), id: '' }; ; ) {
    let query = store.db
      .selectFrom('traces')
      .select(['traces.trace_id', 'traces.user_id', 'traces.start_us'])
      .where('traces.status', '=', 'ok')
      .where((eb) => eb.or([eb('traces.source', 'is', null), eb('traces.source', '<>', 'job')]))
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('spans')
            .select('spans.span_id')
            .whereRef('spans.trace_id', '=', 'traces.trace_id')
            .where(isAnswer),
        ),
      )
      .where('traces.start_us', '>=', after.startUs)
      .where((eb) =>
        eb.or([eb('traces.start_us', '>', after.startUs), eb('traces.trace_id', '>', after.id)]),
      );
    if (order.rating !== undefined) query = query.where('traces.rating', '=', order.rating);
    if (order.model !== undefined) query = query.where('traces.model', '=', order.model);
    if (order.app !== undefined) query = query.where('traces.app', '=', order.app);
    const rows = await query
      .orderBy('traces.start_us')
      .orderBy('traces.trace_id')
      .limit(ROWS_AT_ONCE)
      .execute();
    const calls = await callsOf(
      store,
      rows.map(({ trace_id }) => trace_id),
    );
    for (const { trace_id, user_id } of rows) {
      const call = calls.get(trace_id)?.at(-1);
      if (call !== undefined) yield { ...call, personId: user_id };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = { startUs: last.start_us, id: last.trace_id };
  }
}
