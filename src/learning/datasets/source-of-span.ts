// Where an example came from that a person took out of a trace of their own: their words, so that they can be forgotten.
import type { ExampleSource } from '../../contracts/dataset.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Store } from '../../store/store.ts';

export interface SpanOfExample {
  traceId: string;
  spanId: string;
}

/** @throws AtelierError not_found when it is not there, or somebody else's: those come in by collecting, if they agreed */
export async function sourceOfSpan(
  { db }: Store,
  who: Identity,
  { traceId, spanId }: SpanOfExample,
): Promise<ExampleSource> {
  const row = await db
    .selectFrom('spans')
    .select(['model'])
    .where('trace_id', '=', traceId)
    .where('span_id', '=', spanId)
    .where('user_id', '=', who.userId)
    .executeTakeFirst();
  if (row === undefined)
    throw new AtelierError(
      'not_found',
      `You have no span ${spanId} in trace ${traceId}. What other people said comes in by collecting, if they agree.`,
      { data: { traceId, spanId } },
    );
  return {
    kind: 'trace',
    traceId,
    spanId,
    userId: who.userId,
    ...(row.model === null ? {} : { model: row.model }),
  };
}
