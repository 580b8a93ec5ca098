// A training's rows and events on PostgreSQL: followed live, paused, resumed, removed.
import { expect, test } from 'vitest';
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { blueCats, longOrder, openTrainings } from '../../../test/open-trainings.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import { createRunRows } from './run-rows.ts';

test('followed, paused, resumed and removed', async () => {
  await using opened = await openPostgresStore();
  const on = openTrainings(opened, blueCats);
  await on.jobs.start();
  const { id } = await on.trainings.start(who, longOrder);
  for await (const { event } of on.trainings.watch(who, id, 0, new AbortController().signal))
    if (event.type === 'point' && event.step >= 10) break;
  expect(await on.trainings.pause(who, id)).toMatchObject({ status: 'paused', place: null });
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: 60, error: null });
  const events = await on.trainings.events(who, id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const points = events.filter(({ event }) => event.type === 'point');
  expect(points.map(({ event }) => event.step)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  // Marks of people who were forgotten have numbers of their own.
  const mark = createRunRows(opened.store).markForgotten({ datasetId: 'ds', version: 1 }, Date.now());
  await opened.store.write([mark]);
  await opened.store.write([mark]);
  expect(await on.trainings.get(who, id)).toMatchObject({ forgottenPeople: 2 });
  expect(await on.trainings.events(who, id)).toEqual(events);
  await on.trainings.remove(who, id);
  expect((await on.trainings.list(who)).runs).toEqual([]);
  await on.jobs.stop();
});
