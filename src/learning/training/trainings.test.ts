// A run from its order to a model that the engine reads, on stories260K.
import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import { blueCats, openTrainings, order } from '../../../test/open-trainings.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import { createFileMaker } from './create-file-maker.ts';

test('a run learns, keeps its curve, and its model is the engine’s too', async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, blueCats, { real: true });
  const before = await on.trainings.estimate(who, order());
  const started = await on.trainings.start(
    who,
    order({ samplePrompts: ['Who is Tim?'], hyperparameters: { checkpointEvery: 6 } }),
  );
  expect(started).toMatchObject({ status: 'queued', place: 1, steps: 6 });
  await on.jobs.start();
  const run = await on.ended(started.id);
  expect(run.error).toBeNull();
  expect(run).toMatchObject({ status: 'complete', step: 6, model: 'local/tuned', place: null });
  const events = (await on.trainings.events(who, run.id)).map(({ event }) => event);
  const looks = events.filter((event) => event.type === 'evaluation');
  expect(looks.map(({ step }) => step)).toEqual([0, 2, 4, 6]);
  expect(looks.at(-1)!.validationLoss).toBeLessThan(looks[0]!.validationLoss * 0.8);
  expect(on.put[0]!.files.map(({ form, quantisation }) => `${form} ${quantisation}`)).toEqual([
    'merged F32',
    'merged F16',
    'adapter F32',
  ]);
  for (const { parity, path } of on.put[0]!.files) {
    expect(parity).toMatchObject({ sameIds: true, passed: true });
    expect((await stat(path)).size).toBeGreaterThan(0);
  }
  expect(on.registered).toEqual([{ id: 'tuned', path: on.put[0]!.files[1]!.path }]);
  expect(events.filter(({ type }) => type === 'sample')).toEqual([
    { type: 'sample', step: 6, prompt: 'Who is Tim?', answer: expect.stringMatching(/\w/) },
  ]);

  // What it took is known from now on.
  const after = await on.trainings.estimate(who, order({ name: 'again' }));
  expect(after).toMatchObject({
    secondsBasis: 'measured',
    steps: 6,
    padding: expect.any(Number),
  });
  // The weights of the base stay, and need room once.
  expect(before.diskBytes - after.diskBytes).toBeGreaterThan(1e6);
  // Another form of it, compared with what the trainer gave.
  const maker = createFileMaker({ exporter: on.options.exporter });
  const made = await maker.make(
    { ...on.put[0]!, id: 'tuned_1', createdAt: 0 },
    { form: 'merged', quantisation: 'Q8_0' },
    { signal: new AbortController().signal, onStep: () => {} },
  );
  expect(made).toMatchObject({ quantisation: 'Q8_0', parity: { sameIds: true, passed: true } });
  await on.jobs.stop();
}, 60_000);
