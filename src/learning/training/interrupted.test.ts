// A run that is stopped, killed or left with a damaged checkpoint ends with the very weights, and the very curve, of one
// that nothing disturbed. ATELIER_LONG=1 kills ten times.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { startChild } from '../../../test/children/start-child.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { blueCats, longOrder, openTrainings } from '../../../test/open-trainings.ts';
import { localIdentity as who } from '../../contracts/identity.ts';
import type { TrainingEvent } from '../../contracts/training.ts';
import { silentLog } from '../../lib/log.ts';
import { openStore } from '../../store/open-store.ts';
import { runFolder } from './training-job.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 10 : 3));
const steps = 60;

const weightsOf = (dataDir: string) => readFile(join(dataDir, 'tuned', 'tuned', 'tuned.f32.gguf'));
/** What a curve shows, without the clock. */
const curveOf = (events: readonly { event: TrainingEvent }[]) =>
  events
    .map(({ event }) => event)
    .filter(({ type }) => type !== 'note')
    .map((event) => (event.type === 'point' ? { ...event, seconds: 0, tokensPerSecond: 0 } : event));

let undisturbed: { weights: Buffer; curve: unknown[] };

beforeAll(async () => {
  await using opened = await openTestStore();
  const on = openTrainings(opened, blueCats);
  await on.jobs.start();
  const { id } = await on.trainings.start(who, longOrder);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: steps, error: null });
  const events = await on.trainings.events(who, id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  undisturbed = { weights: await weightsOf(opened.dataDir), curve: curveOf(events) };
  await on.jobs.stop();
}, 60_000);

/** Runs until that step has been told, and is paused then. */
async function pauseAt(opened: TestStore, step: number) {
  const on = openTrainings(opened, blueCats);
  await on.jobs.start();
  const { id } = await on.trainings.start(who, longOrder);
  for await (const { event } of on.trainings.watch(who, id, 0, new AbortController().signal))
    if (event.type === 'point' && event.step >= step) break;
  expect(await on.trainings.pause(who, id)).toMatchObject({ status: 'paused' });
  return { on, id };
}

test(
  `kill -9 ${kills} times`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atelier-training-'));
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild('run-training', [dataDir]);
      const target = Math.floor(((kill + Math.random()) * steps) / kills);
      for (let line = ''; Number(line.split(' ')[1] ?? 0) < target || line === ''; ) {
        line = await child.nextLine();
        if (line === 'complete') throw new Error('It was done before it was killed.');
      }
      await child.kill();
    }
    const last = startChild('run-training', [dataDir]);
    for (let line = ''; line !== 'complete'; ) line = await last.nextLine();
    expect((await weightsOf(dataDir)).equals(undisturbed.weights)).toBe(true);
    const store = await openStore({ dataDir, log: silentLog });
    const on = openTrainings({ store, dataDir }, blueCats);
    const [run] = (await on.trainings.list(who)).runs;
    expect(curveOf(await on.trainings.events(who, run!.id))).toEqual(undisturbed.curve);
    await store.close();
    await rm(dataDir, { recursive: true });
  },
  20_000 + kills * 10_000,
);

test('paused and resumed', async () => {
  await using opened = await openTestStore();
  const { on, id } = await pauseAt(opened, 10);
  const paused = await on.trainings.get(who, id);
  expect(paused.step).toBeLessThan(steps);
  expect(await on.trainings.resume(who, id)).toMatchObject({ status: 'queued' });
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: steps });
  expect((await weightsOf(opened.dataDir)).equals(undisturbed.weights)).toBe(true);
  expect(curveOf(await on.trainings.events(who, id))).toEqual(undisturbed.curve);
  // What only a run under way needs is gone.
  await expect(readdir(runFolder(opened.dataDir, id))).rejects.toThrow('ENOENT');
  await on.jobs.stop();
}, 60_000);

test('a damaged checkpoint is passed over, and said', async () => {
  await using opened = await openTestStore();
  const { on, id } = await pauseAt(opened, 20);
  const folder = join(runFolder(opened.dataDir, id), 'checkpoints');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.checkpoint')).sort();
  expect(files).toHaveLength(2);
  const newest = join(folder, files[1]!);
  const bytes = await readFile(newest);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(newest, bytes);
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: steps });
  const events = await on.trainings.events(who, id);
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({
      type: 'note',
      code: 'checkpoint_damaged',
      message: expect.stringContaining(`${files[1]} is damaged (its hash is another one)`),
    }),
  );
  // Whoever looks at its log sees that it was interrupted, and from where it went on.
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ type: 'note', code: 'resumed', step: expect.any(Number) }),
  );
  expect(curveOf(events)).toEqual(undisturbed.curve);
  expect((await weightsOf(opened.dataDir)).equals(undisturbed.weights)).toBe(true);
  await on.jobs.stop();
}, 60_000);

test('without a whole checkpoint it begins anew, curve and all', async () => {
  await using opened = await openTestStore();
  const { on, id } = await pauseAt(opened, 10);
  const folder = join(runFolder(opened.dataDir, id), 'checkpoints');
  for (const file of await readdir(folder)) await writeFile(join(folder, file), 'ATCK');
  await on.trainings.resume(who, id);
  expect(await on.ended(id)).toMatchObject({ status: 'complete', step: steps });
  const events = await on.trainings.events(who, id);
  expect(curveOf(events)).toEqual(undisturbed.curve);
  expect(events.filter(({ event }) => event.type === 'note')).toHaveLength(2);
  await on.jobs.stop();
}, 60_000);

test('cancelled, and removed', async () => {
  await using opened = await openTestStore();
  const { on, id } = await pauseAt(opened, 3);
  await expect(on.trainings.remove(who, id)).rejects.toMatchObject({ code: 'conflict' });
  await on.trainings.cancel(who, id);
  expect(await on.trainings.get(who, id)).toMatchObject({ status: 'cancelled', model: null });
  await expect(readdir(runFolder(opened.dataDir, id))).rejects.toThrow('ENOENT');
  await on.trainings.remove(who, id);
  expect((await on.trainings.list(who)).runs).toEqual([]);
  expect(await opened.store.db.selectFrom('training_events').selectAll().execute()).toEqual([]);
  await on.jobs.stop();
});
