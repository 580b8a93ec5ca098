// Answers of OpenAI's Responses wire that are kept, so that a later call can go on from them. Each is its owner's alone.
import type { Selectable } from 'kysely';
import { isElsewhere, ownerOf } from './ownership.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

/** How long a response can be continued and read. */
export const RESPONSE_KEPT_MS = 30 * 24 * 3_600_000;

export interface StoredResponse {
  id: string;
  userId: string;
  model: string;
  status: string;
  /** As the wire has it; what is in it is the wire's business. */
  body: unknown;
  inputItems: unknown[];
  previousId: string | null;
  traceId: string | null;
  createdAt: number;
}

/** As it is read. */
export interface KeptResponse extends StoredResponse {
  /** Another program that lives wrote it last, and writes it still if it has no end. */
  elsewhere: boolean;
}

export interface StoredResponses {
  /** Writes it, or what has changed of it. Another person's row under that id is left alone. */
  put(response: StoredResponse): Promise<void>;
  /** Null: there is none, it is another person's, or its time is over. */
  get(userId: string, id: string): Promise<KeptResponse | null>;
  /** Whether there was one. */
  remove(userId: string, id: string): Promise<boolean>;
  /** Deletes what has expired by then, and says how many. */
  purge(before: number): Promise<number>;
}

const toResponse = (row: Selectable<Database['responses']> & { elsewhere: unknown }): KeptResponse => ({
  id: row.id,
  userId: row.user_id,
  model: row.model,
  status: row.status,
  body: JSON.parse(row.body),
  inputItems: JSON.parse(row.input_items) as unknown[],
  previousId: row.previous_id,
  traceId: row.trace_id,
  createdAt: row.created_at,
  elsewhere: row.elsewhere === 1,
});

export function createStoredResponses({
  store,
  now = Date.now,
}: {
  store: Pick<Store, 'db' | 'write' | 'node'>;
  now?: () => number;
}): StoredResponses {
  const { db } = store;
  return {
    async put({ id, userId, model, status, body, inputItems, previousId, traceId, createdAt }) {
      const changing = {
        model,
        status,
        body: JSON.stringify(body),
        trace_id: traceId,
        owner: ownerOf(store),
      };
      await store.write([
        db
          .insertInto('responses')
          .values({
            ...changing,
            id,
            user_id: userId,
            input_items: JSON.stringify(inputItems),
            previous_id: previousId,
            created_at: createdAt,
            expires_at: createdAt + RESPONSE_KEPT_MS,
          })
          .onConflict((on) => on.column('id').doUpdateSet(changing).where('responses.user_id', '=', userId)),
      ]);
    },
    async get(userId, id) {
      const row = await db
        .selectFrom('responses')
        .selectAll()
        .select(isElsewhere(store, 'owner').as('elsewhere'))
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      return row === undefined ? null : toResponse(row);
    },
    async remove(userId, id) {
      const [result] = await store.write([
        db.deleteFrom('responses').where('id', '=', id).where('user_id', '=', userId),
      ]);
      return (result?.affected ?? 0) > 0;
    },
    async purge(before) {
      const [result] = await store.write([db.deleteFrom('responses').where('expires_at', '<=', before)]);
      return result?.affected ?? 0;
    },
  };
}
