// What runs every so often: one row a name. A time that was missed while the program was off is made up for once.
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

interface Schedule {
  name: string;
  kind: string;
  payload: Record<string, unknown>;
}

export interface Schedules {
  /** A new name is due at once; a known one keeps its next time unless the new interval ends before it. */
  put(schedule: Schedule & { everyMs: number }): Promise<void>;
  /** What is due, each already moved to its next time, so that no other node takes it too. */
  takeDue(kinds: readonly string[]): Promise<Schedule[]>;
  nextDue(kinds: readonly string[]): Promise<number | null>;
}

export function createSchedules(db: Kysely<Database>, now: () => number): Schedules {
  return {
    async put({ name, kind, payload, everyMs }) {
      const latest = now() + everyMs;
      await db
        .insertInto('schedules')
        .values({ name, kind, payload: JSON.stringify(payload), every_ms: everyMs, next_at: now() })
        .onConflict((on) =>
          on.column('name').doUpdateSet((row) => ({
            kind: row.ref('excluded.kind'),
            payload: row.ref('excluded.payload'),
            every_ms: row.ref('excluded.every_ms'),
            next_at: row
              .case()
              .when('schedules.next_at', '>', latest)
              .then(latest)
              .else(row.ref('schedules.next_at'))
              .end(),
          })),
        )
        .execute();
    },
    async takeDue(kinds) {
      if (kinds.length === 0) return [];
      const due = await db
        .selectFrom('schedules')
        .selectAll()
        .where('next_at', '<=', now())
        .where('kind', 'in', kinds)
        .execute();
      const taken: Schedule[] = [];
      for (const { name, kind, payload, every_ms, next_at } of due) {
        const { numUpdatedRows } = await db
          .updateTable('schedules')
          .set({ next_at: now() + every_ms })
          .where('name', '=', name)
          .where('next_at', '=', next_at)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 1n)
          taken.push({ name, kind, payload: JSON.parse(payload) as Record<string, unknown> });
      }
      return taken;
    },
    async nextDue(kinds) {
      if (kinds.length === 0) return null;
      const row = await db
        .selectFrom('schedules')
        .select(({ fn }) => fn.min('next_at').as('at'))
        .where('kind', 'in', kinds)
        .executeTakeFirst();
      return row?.at ?? null;
    },
  };
}
