// A person is forgotten: what runs and tuned models keep of their words, and what says that they had learned from them.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import { blueCats, longOrder, openTrainings, order, plainExporter } from '../../../test/open-trainings.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import { createTunedModelRows } from '../serving/tuned-model-rows.ts';
import { checkFile } from './check-file.ts';
import { readHeldOut } from './held-out.ts';
import { createRunRows } from './run-rows.ts';

test('a complete run says it, a waiting one is cancelled, and held-out tokens and samples go', async () => {
  await using opened = await openTestStore();
  const { store, dataDir } = opened;
  const on = openTrainings(opened, blueCats);
  await on.jobs.start();
  const { id } = await on.trainings.start(who, order({ samplePrompts: ['Who is Tim?'] }));
  await on.ended(id);
  const tuned = createTunedModelRows(store);
  const [made] = on.put;
  await store.write([tuned.insert({ ...made!, id: 'tuned_1', createdAt: 0 })]);
  const waiting = await on.trainings.start(who, { ...longOrder, name: 'other' });
  await on.trainings.pause(who, waiting.id);
  const heldOut = join(dataDir, 'tuned', 'tuned', 'held-out.json');
  expect(await readFile(heldOut, 'utf8')).toContain('"ids"');

  const rows = createRunRows(store);
  const version = { datasetId: 'ds', version: 1 };
  const forget = async () => {
    await store.write([rows.forgetSamples(version), rows.markForgotten(version, 5_000_000_000_000)]);
    await on.trainings.forgetWords();
  };
  await forget();
  expect(await readFile(heldOut, 'utf8')).toBe('{"forgotten":true}');
  expect(await on.trainings.get(who, waiting.id)).toMatchObject({ status: 'cancelled' });
  await expect(access(join(dataDir, 'training', waiting.id))).rejects.toThrow();
  const events = await on.trainings.events(who, id);
  expect(events.map(({ event }) => event.type)).not.toContain('sample');
  expect(events[0]?.seq).toBe(1);
  await forget();
  expect(await on.trainings.get(who, id)).toMatchObject({ status: 'complete', forgottenPeople: 2 });

  // A further file can be made, and nothing is said to prove it.
  const kept = await readHeldOut(join(dataDir, 'tuned', 'tuned'));
  expect(kept).toBeNull();
  const file = { path: heldOut, quantisation: 'Q8_0' } as const;
  expect(await checkFile(on.options.exporter, file, kept)).toMatchObject({ parity: null, perplexity: null });

  // What was learned stays known without its run.
  await on.trainings.remove(who, id);
  expect(await tuned.get('tuned_1')).toMatchObject({ forgottenPeople: 2 });
  expect((await on.trainings.list(who)).runs.map((run) => run.id)).toEqual([waiting.id]);
  await expect(on.trainings.get(who, id)).rejects.toMatchObject({ code: 'not_found' });
  await forget();
  expect(await tuned.get('tuned_1')).toMatchObject({ forgottenPeople: 3 });
  await store.write(tuned.remove('tuned_1'));
  expect(await rows.forgotten()).toEqual([waiting.id]);
  await on.jobs.stop();
});

test('what a run that failed at its end had exported goes too', async () => {
  await using opened = await openTestStore();
  const { store, dataDir } = opened;
  const check = () => Promise.reject(new Error('The engine is gone.'));
  const on = openTrainings(opened, blueCats, { exporter: { ...plainExporter, check } });
  await on.jobs.start();
  const { id } = await on.trainings.start(who, order({ hyperparameters: { maxSteps: 1 } }));
  expect(await on.ended(id)).toMatchObject({ status: 'failed' });
  const heldOut = join(dataDir, 'tuned', 'tuned', 'held-out.json');
  expect(await readFile(heldOut, 'utf8')).toContain('"ids"');
  await store.write([createRunRows(store).markForgotten({ datasetId: 'ds', version: 1 }, 1)]);
  await on.trainings.forgetWords();
  await expect(access(heldOut)).rejects.toThrow();
  await on.jobs.stop();
});

test('a run whose task was cancelled while it waited and has left the list of tasks is no obstacle', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  const on = openTrainings(opened, blueCats);
  await on.jobs.start();
  const { id, taskId } = await on.trainings.start(who, longOrder);
  while ((await on.trainings.get(who, id)).step === 0) await setTimeout(20);
  await on.trainings.pause(who, id);
  await on.jobs.cancel(taskId);
  await store.write([
    createRunRows(store).markForgotten({ datasetId: 'ds', version: 1 }, 1),
    store.db.deleteFrom('jobs').where('id', '=', taskId),
  ]);
  await on.trainings.forgetWords();
  expect(await on.trainings.get(who, id)).toMatchObject({ status: 'cancelled' });
  await on.trainings.remove(who, id);
  await on.jobs.stop();
});
