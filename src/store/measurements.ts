// Measured facts of this machine, such as the best thread count of a model: kept, because measuring takes time.
import type { Store } from './store.ts';

export interface Measurements {
  /** The value as it was set, or undefined. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export function createMeasurements(store: Store, now: () => number = Date.now): Measurements {
  return {
    async get(key) {
      const row = await store.db
        .selectFrom('measurements')
        .select('value')
        .where('key', '=', key)
        .executeTakeFirst();
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    async set(key, value) {
      const row = { key, value: JSON.stringify(value), measured_at: now() };
      await store.write([
        store.db
          .insertInto('measurements')
          .values(row)
          .onConflict((on) =>
            on.column('key').doUpdateSet((eb) => ({
              value: eb.ref('excluded.value'),
              measured_at: eb.ref('excluded.measured_at'),
            })),
          ),
      ]);
    },
  };
}
