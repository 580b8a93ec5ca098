// A person's judgement on a span: one `user.rating` a span and person, shown in the trace list too.
import { createHash } from 'node:crypto';
import { AtelierError } from '../contracts/errors.ts';
import type { RatingInput, Score } from '../contracts/score.ts';
import type { Store } from '../store/store.ts';
import { toScore } from './trace-rows.ts';

export const USER_RATING = 'user.rating';

/** The same for the same span and person, so that two clicks at once are one row. */
function ratingId(traceId: string, spanId: string, userId: string, ...more: string[]): string {
  const key = [traceId, spanId, userId, ...more].join(' ');
  return `score_${createHash('sha256').update(key).digest('hex').slice(0, 26)}`;
}

interface Target {
  traceId: string;
  spanId: string;
  userId: string;
}

async function checkSpan(store: Store, { traceId, spanId, userId }: Target): Promise<void> {
  const span = await store.db
    .selectFrom('spans')
    .select('span_id')
    .where('trace_id', '=', traceId)
    .where('span_id', '=', spanId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (span !== undefined) return;
  throw new AtelierError(
    'not_found',
    `There is no span ${spanId} to rate. It may have been removed by retention.`,
    { data: { traceId, spanId } },
  );
}

/** Sets or changes a score under a name of its own. @throws AtelierError not_found, also for a span of another person */
export async function score(
  store: Store,
  target: Target,
  input: Pick<Score, 'name' | 'value' | 'reason' | 'correction' | 'source'>,
  now: number,
): Promise<Score> {
  await checkSpan(store, target);
  const { traceId, spanId, userId } = target;
  const row = {
    id: ratingId(traceId, spanId, userId, input.name),
    trace_id: traceId,
    span_id: spanId,
    user_id: userId,
    created_at: now,
    ...input,
  };
  const { value, reason, correction, source, created_at } = row;
  await store.write([
    store.db
      .insertInto('scores')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ value, reason, correction, source, created_at }),
      ),
  ]);
  return toScore(row);
}

/**
 * Sets, changes or (value null) takes back a rating. What a change leaves out stays, unless the thumb turned.
 * @throws AtelierError not_found, also for a span of another person
 */
export async function rate(
  store: Store,
  target: Target,
  input: RatingInput,
  now: number,
): Promise<Score | null> {
  const { traceId, spanId, userId } = target;
  const id = ratingId(traceId, spanId, userId);
  const [, before] = await Promise.all([
    checkSpan(store, target),
    store.db.selectFrom('scores').selectAll().where('id', '=', id).executeTakeFirst(),
  ]);
  const statements = [];
  let row: Parameters<typeof toScore>[0] | null = null;
  if (input.value === null) {
    statements.push(store.db.deleteFrom('scores').where('id', '=', id));
  } else {
    const kept = before?.value === input.value ? before : undefined;
    row = {
      id,
      trace_id: traceId,
      span_id: spanId,
      name: USER_RATING,
      value: input.value,
      reason: input.reason === undefined ? (kept?.reason ?? null) : input.reason,
      correction: input.correction === undefined ? (kept?.correction ?? null) : input.correction,
      source: 'person',
      user_id: userId,
      created_at: now,
    };
    const { value, reason, correction, created_at } = row;
    statements.push(
      store.db
        .insertInto('scores')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({ value, reason, correction, created_at }),
        ),
    );
  }
  statements.push(
    store.db
      .updateTable('traces')
      .set((eb) => ({
        rating: eb
          .selectFrom('scores')
          .select('value')
          .where('trace_id', '=', traceId)
          .where('name', '=', USER_RATING)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1),
      }))
      .where('trace_id', '=', traceId),
  );
  await store.write(statements);
  return row === null ? null : toScore(row);
}

/** The ratings that a person gave to these spans. */
export async function scoresOf(
  store: Store,
  spanIds: readonly string[],
  userId: string,
): Promise<Map<string, Score>> {
  const found = new Map<string, Score>();
  for (let from = 0; from < spanIds.length; from += 500) {
    const rows = await store.db
      .selectFrom('scores')
      .selectAll()
      .where('span_id', 'in', spanIds.slice(from, from + 500))
      .where('user_id', '=', userId)
      .where('name', '=', USER_RATING)
      .execute();
    for (const row of rows) found.set(row.span_id, toScore(row));
  }
  return found;
}
