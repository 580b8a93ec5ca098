// Measured figures of apps: those that came with the program, and over them the rows of what was measured here. A newer
// measurement of the same app, set, metric and model takes the place of the older.
import { z } from 'zod';
import { type AppFigure, appFigureSchema, type OwnFigure } from '../contracts/app.ts';
import type { ScoreOf } from '../models/cheapest-passing.ts';
import type { Store } from '../store/store.ts';
import withTheProgram from './shipped-figures.json' with { type: 'json' };

/** By `npm run bench -- apps` with ATELIER_BENCH_SHIP: what an answer is worth does not depend on the machine. */
const shipped: readonly AppFigure[] = z
  .array(appFigureSchema.omit({ origin: true }))
  .parse(withTheProgram)
  .map((figure) => ({ ...figure, origin: 'shipped' }));

const keyOf = ({ app, set, metric, model }: Pick<AppFigure, 'app' | 'set' | 'metric' | 'model'>) =>
  JSON.stringify([app, set, metric, model]);

export async function listFigures(store: Store): Promise<AppFigure[]> {
  const rows = await store.db
    .selectFrom('app_figures')
    .selectAll()
    .orderBy('app')
    .orderBy('set_name')
    .orderBy('metric')
    .orderBy('model')
    .execute();
  const own: AppFigure[] = rows.map(({ set_name, measured_at, ...rest }) => ({
    ...rest,
    set: set_name,
    measuredAt: measured_at,
    origin: 'here',
  }));
  const here = new Set(own.map(keyOf));
  return [...own, ...shipped.filter((figure) => !here.has(keyOf(figure)))];
}

export async function putFigures(store: Store, figures: readonly OwnFigure[]): Promise<void> {
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
    if (row !== undefined) return row.value;
    const key = keyOf({ app, set, metric, model });
    return shipped.find((figure) => keyOf(figure) === key)?.value ?? null;
  };
