// Answers that are kept for the same request of the same person.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { sql } from 'kysely';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';

export interface CachedAnswer {
  parts: readonly LanguageModelV4StreamPart[];
  /** What it cost when it was made; null: nothing, or unknown. */
  costNano: number | null;
}

export interface AnswerCache {
  get(key: string): Promise<CachedAnswer | null>;
  /** Waits for nothing: an answer that cannot be kept is only asked again. */
  put(entry: { key: string; userId: string; model: string; answer: CachedAnswer; keepMs: number }): void;
  /** Everything, or one person's. @returns how many */
  clear(userId: string | null): Promise<number>;
  /** What has expired. @returns how many */
  purge(now: number): Promise<number>;
}

export function createAnswerCache({
  store,
  log,
  now = Date.now,
}: {
  store: Store;
  log: Log;
  now?: () => number;
}): AnswerCache {
  const { db } = store;
  const unkept = (error: unknown) =>
    log.warn('the cache of answers could not be written', { message: String(error) });
  return {
    async get(key) {
      const row = await db
        .selectFrom('cache_entries')
        .select('entry')
        .where('key', '=', key)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      if (!row) return null;
      store
        .write([db.updateTable('cache_entries').set({ hits: sql<number>`hits + 1` }).where('key', '=', key)])
        .catch(unkept);
      return JSON.parse(row.entry) as CachedAnswer;
    },
    put({ key, userId, model, answer, keepMs }) {
      const at = now();
      const values = {
        user_id: userId,
        model,
        entry: JSON.stringify(answer),
        hits: 0,
        created_at: at,
        expires_at: Math.round(at + keepMs),
      };
      store
        .write([
          db
            .insertInto('cache_entries')
            .values({ key, ...values })
            .onConflict((conflict) => conflict.column('key').doUpdateSet(values)),
        ])
        .catch(unkept);
    },
    async clear(userId) {
      const query = db.deleteFrom('cache_entries');
      const [result] = await store.write([userId === null ? query : query.where('user_id', '=', userId)]);
      return result?.affected ?? 0;
    },
    async purge(at) {
      const [result] = await store.write([db.deleteFrom('cache_entries').where('expires_at', '<=', at)]);
      return result?.affected ?? 0;
    },
  };
}
