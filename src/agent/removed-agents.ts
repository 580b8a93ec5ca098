// Whose agents were that somebody removed a moment ago, so that the same person can bring one back under its id, by which
// keys and links know it. No definition is kept: what was removed is gone, and whoever brings it back sends it again.
// The rows stand among the person's settings, which pass over keys that they do not know.
import { z } from 'zod';
import type { Store } from '../store/store.ts';

/** The page offers ten seconds, and waits while the pointer rests on the offer. */
const UNDO_MS = 10 * 60_000;

const removedSchema = z.object({ maker: z.string(), createdAt: z.number(), removedAt: z.number() });
type RemovedAgent = z.infer<typeof removedSchema>;

const PREFIX = 'removed-agent:';

export function createRemovedAgents({ db }: Pick<Store, 'db'>, now: () => number) {
  const forget = (userId: string, ids: readonly string[]) =>
    db
      .deleteFrom('user_settings')
      .where('user_id', '=', userId)
      .where(
        'key',
        'in',
        ids.map((id) => PREFIX + id),
      );

  async function all(userId: string): Promise<Map<string, RemovedAgent | null>> {
    const rows = await db
      .selectFrom('user_settings')
      .select(['key', 'value'])
      .where('user_id', '=', userId)
      .where('key', 'like', `${PREFIX}%`)
      .execute();
    const read = (value: string) => {
      const removed = removedSchema.parse(JSON.parse(value));
      return now() - removed.removedAt <= UNDO_MS ? removed : null;
    };
    return new Map(rows.map(({ key, value }) => [key.slice(PREFIX.length), read(value)]));
  }

  return {
    /** What that person removed under this id within the undo time; null otherwise, whoever else did. */
    find: async (userId: string, id: string): Promise<RemovedAgent | null> =>
      (await all(userId)).get(id) ?? null,
    /** Statement for the batch that brings it back. */
    forget: (userId: string, id: string) => forget(userId, [id]),
    /** Statements for the batch that removes it; those whose time is over go with it. */
    async note(userId: string, id: string, agent: Pick<RemovedAgent, 'maker' | 'createdAt'>) {
      const over = [...(await all(userId))].flatMap(([other, removed]) => (removed === null ? [other] : []));
      const value = JSON.stringify({ ...agent, removedAt: now() } satisfies RemovedAgent);
      return [
        forget(userId, [...over, id]),
        db.insertInto('user_settings').values({ user_id: userId, key: PREFIX + id, value }),
      ];
    },
  };
}
