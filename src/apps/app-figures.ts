// Measured figures of apps as rows: a newer measurement of the same app, set, metric and model takes the place of the older.
import type { AppFigure } from '../contracts/app.ts';
import type { ScoreOf } from '../models/cheapest-passing.ts';
import type { Store } from '../store/store.ts';

export async function listFigures(store: Store): Promise<AppFigure[]> {
  const rows = await store.db
    .selectFrom('app_figures')
    .selectAll()
    .orderBy('app')
    .orderBy('set_name')
    .orderBy('metric')
    .orderBy('model')
    .execute();
  return rows.map(({ set_name, measured_at, ...rest }) => ({
    ...rest,
    set: set_name,
    measuredAt: measured_at,
  }));
}

export async function putFigures(store: Store, figures: readonly AppFigure[]): Promise<void> {
  await store.write(
    figures.map(({ set, measuredAt, ...rest }) =>
      store.db
        .insertInto('app_figures')
        .values({ ...rest, set_name: set, measured_at: measuredAt })
        .onConflict((conflict) =>
          conflict.columns(['app', 'set_name', 'metric', 'model']).doUpdateSet((excluded) => ({
            value: excluded.ref('excluded.value'),
            low: excluded.ref('excluded.low'),
            high: excluded.ref('excluded.high'),
            rows: excluded.ref('excluded.rows'),
            measured_at: excluded.ref('excluded.measured_at'),
          })),
        ),
    ),
  );
}

/** A model's figure of an app, a set and a metric, for whoever chooses models by it. */
export const createScoreOf =
  ({ db }: Store): ScoreOf =>
  async ({ app, set, metric }, model) => {
    const row = await db
      .selectFrom('app_figures')
      .select('value')
      .where('app', '=', app)
      .where('set_name', '=', set)
      .where('metric', '=', metric)
      .where('model', '=', model)
      .executeTakeFirst();
    return row?.value ?? null;
  };
