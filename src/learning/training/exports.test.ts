// Files that a run exported go with it, unless a model stands for them; and a run that stopped in the middle of that goes on.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import { blueCats, openTrainings, order } from '../../../test/open-trainings.ts';
import { localIdentity as who } from '../../contracts/identity.ts';

const short = order({ hyperparameters: { maxSteps: 1 } });

/** A store that fails once, after the model has its name and before its row is written. */
function failingOnce() {
  let fails = true;
  return {
    tunedModels: {
      async put(model: object) {
        if (fails) throw new Error('The disk is full.');
        return { ...model, id: 'tuned_1', createdAt: 0 } as never;
      },
    },
    mend() {
      fails = false;
    },
  };
}

test('a run that stopped between its model’s name and its row goes on, and does not find the name taken', async () => {
  await using opened = await openTestStore();
  const { tunedModels, mend } = failingOnce();
  const on = openTrainings(opened, blueCats, { tunedModels });
  await on.jobs.start();
  const { id } = await on.trainings.start(who, short);
  expect(await on.ended(id)).toMatchObject({ status: 'failed' });
  await expect(on.trainings.start(who, short)).rejects.toMatchObject({ code: 'conflict' });
  mend();
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', model: 'local/tuned' });
  await on.jobs.stop();
});

test('a failed run that is removed leaves neither files nor a name', async () => {
  await using opened = await openTestStore();
  const { tunedModels, mend } = failingOnce();
  const on = openTrainings(opened, blueCats, { tunedModels });
  await on.jobs.start();
  const { id } = await on.trainings.start(who, short);
  expect(await on.ended(id)).toMatchObject({ status: 'failed' });
  expect(await readdir(join(opened.dataDir, 'tuned'))).toEqual(['tuned']);
  await on.trainings.remove(who, id);
  expect(await readdir(join(opened.dataDir, 'tuned'))).toEqual([]);
  mend();
  const again = await on.trainings.start(who, short);
  expect(await on.ended(again.id)).toMatchObject({ status: 'complete' });
  await on.jobs.stop();
});

test('a run that is cancelled while it exports leaves no files', async () => {
  await using opened = await openTestStore();
  const exporting = Promise.withResolvers<void>();
  const { exporter } = openTrainings(opened, blueCats).options;
  const on = openTrainings(opened, blueCats, {
    exporter: {
      ...exporter,
      check: (_, __) => {
        exporting.resolve();
        return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('ended')), 300));
      },
    },
  });
  await on.jobs.start();
  const { id } = await on.trainings.start(who, short);
  await exporting.promise;
  await on.trainings.cancel(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'cancelled' });
  expect(await readdir(join(opened.dataDir, 'tuned'))).toEqual([]);
  await on.jobs.stop();
});
