// What the queue does on every store.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AtelierError } from '../../src/contracts/errors.ts';
import type { Task } from '../../src/contracts/task.ts';
import { type CreateJobsOptions, createJobs } from '../../src/jobs/create-jobs.ts';
import { newOwner } from '../../src/jobs/owner.ts';
import type { JobContext, JobHandler, Jobs } from '../../src/jobs/queue.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { TestStore } from '../open-test-store.ts';

/** Patient, because the machine that runs the tests may be busy. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

export function jobsSuite(name: string, open: () => Promise<TestStore>): void {
  describe(`jobs on ${name}`, () => {
    let opened: TestStore;
    const queues: Jobs[] = [];
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await Promise.all(queues.splice(0).map((queue) => queue.stop()));
      await opened.dispose();
    });

    const make = (handlers: Partial<JobHandler<unknown>>[], options: Partial<CreateJobsOptions> = {}) => {
      const jobs = createJobs({
        store: opened.store,
        log: silentLog,
        pollMs: 50,
        retryDelayMs: () => 1,
        patienceMs: 500,
        ...options,
      });
      queues.push(jobs);
      for (const handler of handlers)
        jobs.register({ kind: 'test', canPause: true, run: async () => undefined, ...handler });
      return jobs;
    };
    const start = async (...args: Parameters<typeof make>) => {
      const jobs = make(...args);
      await jobs.start();
      return jobs;
    };
    const add = (jobs: Jobs, payload: Record<string, unknown> = {}, uniqueKey?: string) =>
      jobs.enqueue('test', payload, { title: 'A test', ...(uniqueKey ? { uniqueKey } : {}) });
    /** A handler that goes on until it is told otherwise, and what it was given. */
    const endless = () => {
      const runs: JobContext<unknown>[] = [];
      const run = (context: JobContext<unknown>) => {
        runs.push(context);
        return new Promise<undefined>((_, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
        });
      };
      return { runs, run };
    };
    const seen = (jobs: Jobs, id: string, status: Task['status']) =>
      eventually(async () => expect((await jobs.get(id)).status).toBe(status));

    test('a job runs with its payload and leaves its result; every change is told', async () => {
      const jobs = await start([
        { run: async ({ payload }) => ({ doubled: (payload as { n: number }).n * 2 }) },
      ]);
      const told: string[] = [];
      jobs.onChange(({ status }) => told.push(status));
      const task = await add(jobs, { n: 21 });
      expect(task).toMatchObject({ kind: 'test', title: 'A test', payload: { n: 21 }, canPause: true });
      const ended = await jobs.wait(task.id);
      expect(ended).toMatchObject({ status: 'complete', result: { doubled: 42 }, error: null });
      expect(ended.endedAt).toBeGreaterThanOrEqual(ended.createdAt);
      expect(told).toEqual(['queued', 'running', 'complete']);
      expect(await jobs.list({ open: true })).toEqual([]);
      expect((await jobs.list()).map(({ id }) => id)).toEqual([task.id]);
    });

    test('one at a time by default, in the order of arrival; more where the kind says so', async () => {
      const order: number[] = [];
      let most = 0;
      let now = 0;
      const run = async ({ payload }: JobContext<unknown>) => {
        most = Math.max(most, ++now);
        order.push((payload as { n: number }).n);
        await sleep(10);
        now--;
        return undefined;
      };
      // On a busy machine the third may be a while behind the first.
      const wideRun = async () => {
        most = Math.max(most, ++now);
        for (let waited = 0; most < 3 && waited < 200; waited++) await sleep(10);
        await sleep(10);
        now--;
        return undefined;
      };
      const jobs = await start([{ run }, { kind: 'wide', run: wideRun, concurrency: 3 }]);
      const tasks = [];
      for (let n = 0; n < 4; n++) {
        // What comes in one millisecond has no order of arrival.
        await sleep(2);
        tasks.push(await add(jobs, { n }));
      }
      await Promise.all(tasks.map(({ id }) => jobs.wait(id)));
      expect(order).toEqual([0, 1, 2, 3]);
      expect(most).toBe(1);
      const wide = await Promise.all([4, 5, 6, 7].map((n) => jobs.enqueue('wide', { n }, { title: 'w' })));
      await Promise.all(wide.map(({ id }) => jobs.wait(id)));
      expect(most).toBe(3);
    });

    test('progress shows at once and is stored at most four times a second', async () => {
      const { runs, run } = endless();
      const jobs = await start([{ run }], { pollMs: 60_000 });
      const { id } = await add(jobs);
      await eventually(() => expect(runs).toHaveLength(1));
      const at = (done: number) =>
        ({ done, total: 100, unit: 'bytes', perSecond: null, note: 'downloading' }) as const;
      const writes = vi.spyOn(opened.store.db, 'updateTable');
      for (let done = 1; done <= 100; done++) runs[0]!.progress(at(done));
      expect((await jobs.get(id)).progress).toEqual(at(100));
      expect((await jobs.list())[0]?.progress).toEqual(at(100));
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(writes.mock.calls.length).toBeLessThanOrEqual(2);
      const row = await opened.store.db.selectFrom('jobs').select('progress').executeTakeFirstOrThrow();
      expect(JSON.parse(row.progress ?? '')).toEqual(at(100));
    });

    test('pause keeps the checkpoint, resume goes on from it', async () => {
      const { runs, run } = endless();
      const jobs = await start([{ run }]);
      const { id } = await add(jobs);
      await eventually(() => expect(runs).toHaveLength(1));
      await runs[0]!.saveCheckpoint({ bytes: 5 });
      expect(await jobs.pause(id)).toMatchObject({ status: 'paused' });
      expect(runs[0]!.signal.reason).toBe('pause');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(runs, 'a paused job does not run').toHaveLength(1);
      expect(await jobs.list({ open: true })).toHaveLength(1);
      await jobs.resume(id);
      await eventually(() => expect(runs).toHaveLength(2));
      expect(runs[1]!.checkpoint).toEqual({ bytes: 5 });
      expect(runs[1]!.id).toBe(id);
    });

    test('a run that does not let go is never doubled by a resume', async () => {
      let inside = 0;
      let runs = 0;
      const doors = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const jobs = await start(
        [
          {
            concurrency: 5,
            run: async () => {
              const door = doors[runs++];
              inside++;
              await door?.promise;
              inside--;
              throw new Error('stopped late');
            },
          },
        ],
        { patienceMs: 20 },
      );
      const { id } = await add(jobs);
      await eventually(() => expect(inside).toBe(1));
      await jobs.pause(id);
      await jobs.resume(id);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(inside).toBe(1);
      doors[0]!.resolve();
      await eventually(() => expect(runs).toBe(2));
      expect(inside).toBe(1);
      doors[1]!.resolve();
      await seen(jobs, id, 'failed');
    });

    test('cancel stops a running and a waiting job, and says of an ended one that it has ended', async () => {
      const { runs, run } = endless();
      const jobs = await start([{ run }]);
      const first = await add(jobs);
      const second = await add(jobs);
      await eventually(() => expect(runs).toHaveLength(1));
      expect(await jobs.cancel(second.id)).toMatchObject({ status: 'cancelled' });
      const waiting = jobs.wait(first.id);
      expect(await jobs.cancel(first.id)).toMatchObject({ status: 'cancelled' });
      expect(await waiting).toMatchObject({ status: 'cancelled' });
      expect(runs[0]!.signal.reason).toBe('cancel');
      await expect(jobs.cancel(first.id)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('cancelled'),
      });
      await expect(jobs.resume(first.id)).rejects.toMatchObject({ code: 'conflict' });
      await expect(jobs.cancel('task_none')).rejects.toMatchObject({ code: 'not_found' });
      await expect(runs[0]!.saveCheckpoint(1)).rejects.toMatchObject({ code: 'cancelled' });
    });

    test('what cannot pause says so', async () => {
      const { runs, run } = endless();
      const jobs = await start([{ run, canPause: false }]);
      const { id } = await add(jobs);
      await eventually(() => expect(runs).toHaveLength(1));
      await expect(jobs.pause(id)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('cancel'),
      });
      expect(runs[0]!.signal.aborted).toBe(false);
    });

    test('a failure is tried again as often as the kind says, then kept, and can be resumed by hand', async () => {
      let tries = 0;
      const jobs = await start([
        {
          attempts: 3,
          run: async () => {
            if (++tries < 5) throw new AtelierError('download_failed', `try ${tries}`, { retryable: true });
            return { tries };
          },
        },
      ]);
      const { id } = await add(jobs);
      expect(await jobs.wait(id)).toMatchObject({
        status: 'failed',
        error: { code: 'download_failed', message: 'try 3', retryable: true },
      });
      await jobs.resume(id);
      expect(await jobs.wait(id)).toMatchObject({ status: 'complete', result: { tries: 5 }, error: null });
    });

    test('a key has one open job', async () => {
      const { runs, run } = endless();
      const jobs = await start([{ run, concurrency: 5 }]);
      const first = await add(jobs, { n: 1 }, 'model:a');
      const again = await Promise.all([add(jobs, { n: 2 }, 'model:a'), add(jobs, { n: 3 }, 'model:a')]);
      expect(again.map(({ id }) => id)).toEqual([first.id, first.id]);
      await eventually(() => expect(runs).toHaveLength(1));
      await jobs.cancel(first.id);
      const other = await add(jobs, {}, 'model:a');
      expect(other.id).not.toBe(first.id);
      // One that failed before does not go on beside it.
      await opened.store.write([
        opened.store.db.updateTable('jobs').set({ status: 'failed' }).where('id', '=', first.id),
      ]);
      await expect(jobs.resume(first.id)).rejects.toMatchObject({
        code: 'conflict',
        data: { open: other.id },
      });
    });

    test('a job of a later time waits for it', async () => {
      const jobs = await start([{}]);
      const runAt = Date.now() + 400;
      const { id } = await jobs.enqueue('test', {}, { title: 'later', runAt });
      const { status, startedAt } = await jobs.wait(id);
      expect(status).toBe('complete');
      expect(startedAt).toBeGreaterThanOrEqual(runAt);
    });

    test('a schedule runs at once and then every so often, over a restart, and never twice at a time', async () => {
      let runs = 0;
      const handler = { kind: 'sweep', run: async () => void runs++ as undefined };
      const first = make([handler]);
      await first.schedule('hourly sweep', 'sweep', { deep: true }, 3_600_000);
      await first.start();
      await eventually(() => expect(runs).toBe(1));
      await first.stop();
      const second = make([handler]);
      await second.schedule('hourly sweep', 'sweep', { deep: true }, 3_600_000);
      await second.start();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(runs, 'the hour is not over').toBe(1);
      await second.schedule('hourly sweep', 'sweep', { deep: true }, 60);
      await eventually(() => expect(runs).toBeGreaterThanOrEqual(3));
      expect((await second.list()).every(({ payload }) => payload.deep === true)).toBe(true);
    });

    test('a graceful stop queues what runs, with its checkpoint, and the next start takes it up', async () => {
      const { runs, run } = endless();
      const first = await start([{ run }]);
      const { id } = await add(first);
      await eventually(() => expect(runs).toHaveLength(1));
      await runs[0]!.saveCheckpoint('half');
      const waiting = first.wait(id);
      const told = expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
      await first.stop();
      await told;
      expect(runs[0]!.signal.reason).toBe('shutdown');
      const row = await opened.store.db.selectFrom('jobs').selectAll().executeTakeFirstOrThrow();
      expect(row).toMatchObject({ status: 'queued', claimed_by: null, checkpoint: '"half"' });
      const second = await start([{ run: async ({ checkpoint }) => ({ checkpoint }) }]);
      expect(await second.wait(id)).toMatchObject({ status: 'complete', result: { checkpoint: 'half' } });
    });

    test('what a killed process held is taken up at the next start', async () => {
      const { runs, run } = endless();
      const [host] = newOwner().split('/');
      // No process has this number on any system that Atelier runs on.
      const dead = await start([{ run }], { owner: `${host}/4999999/killed`, leaseMs: 600_000 });
      const { id } = await add(dead);
      await eventually(() => expect(runs).toHaveLength(1));
      await runs[0]!.saveCheckpoint(7);
      const second = await start([{ run: async ({ checkpoint }) => ({ checkpoint }) }]);
      expect(await second.wait(id)).toMatchObject({ status: 'complete', result: { checkpoint: 7 } });
    });

    test('wait can be given up, and knows a job that is not there', async () => {
      const { run } = endless();
      const jobs = await start([{ run }]);
      const { id } = await add(jobs);
      await expect(jobs.wait(id, AbortSignal.timeout(30))).rejects.toMatchObject({ name: 'TimeoutError' });
      await expect(jobs.wait('task_none')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('misuse is refused at once', async () => {
      const jobs = await start([{}]);
      expect(() => jobs.register({ kind: 'late', canPause: false, run: async () => undefined })).toThrow(
        /before the jobs start/,
      );
      await expect(jobs.enqueue('unknown', {}, { title: 'x' })).rejects.toMatchObject({ code: 'internal' });
    });
  });
}
