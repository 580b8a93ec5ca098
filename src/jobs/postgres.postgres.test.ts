// The queue's behaviour on PostgreSQL, and what only several nodes on one store can show.
import { expect, test, vi } from 'vitest';
import { openPostgresStore } from '../../test/open-postgres-store.ts';
import type { TestStore } from '../../test/open-test-store.ts';
import { jobsSuite } from '../../test/suites/jobs.suite.ts';
import { silentLog } from '../lib/log.ts';
import { createJobs } from './create-jobs.ts';
import type { JobContext } from './queue.ts';

jobsSuite('PostgreSQL', openPostgresStore);

let opened: TestStore;

async function twoNodes(run: (node: string, context: JobContext<unknown>) => Promise<undefined>) {
  opened = await openPostgresStore();
  const nodes = ['one', 'two'].map((node) => {
    const jobs = createJobs({ store: opened.store, log: silentLog, pollMs: 20, owner: `host-${node}/1/x` });
    jobs.register({ kind: 'test', canPause: true, concurrency: 2, run: (context) => run(node, context) });
    return jobs;
  });
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await opened.dispose();
  };
  return { one: nodes[0]!, two: nodes[1]!, stop };
}

test('two nodes share the work, and no job runs twice', async () => {
  const ran: string[] = [];
  const { one, two, stop } = await twoNodes(async (node, { id }) => {
    ran.push(`${node} ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return undefined;
  });
  await Promise.all([one.start(), two.start()]);
  const tasks = await Promise.all(Array.from({ length: 20 }, () => one.enqueue('test', {}, { title: 't' })));
  await Promise.all(tasks.map(({ id }) => two.wait(id)));
  expect(ran.map((line) => line.split(' ')[1]).sort()).toEqual(tasks.map(({ id }) => id).sort());
  expect(new Set(ran.map((line) => line.split(' ')[0])).size).toBe(2);
  await stop();
});

test('a job is paused and cancelled from the other node', async () => {
  const contexts: JobContext<unknown>[] = [];
  const { one, two, stop } = await twoNodes((_, context) => {
    contexts.push(context);
    return new Promise((_resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason));
    });
  });
  await one.start();
  const { id } = await one.enqueue('test', {}, { title: 't' });
  await vi.waitFor(() => expect(contexts).toHaveLength(1));
  await two.pause(id);
  await vi.waitFor(() => expect(contexts[0]!.signal.reason).toBe('pause'), { timeout: 5_000 });
  await two.resume(id);
  await vi.waitFor(() => expect(contexts).toHaveLength(2), { timeout: 5_000 });
  await two.cancel(id);
  await vi.waitFor(() => expect(contexts[1]!.signal.reason).toBe('cancel'), { timeout: 5_000 });
  await stop();
});

test('a job whose node went silent is taken up when its lease is over, and the silent one stores nothing more', async () => {
  const contexts = new Map<string, JobContext<unknown>>();
  const { one, two, stop } = await twoNodes(async (node, context) => {
    contexts.set(node, context);
    await new Promise((_resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason));
    });
    return undefined;
  });
  await Promise.all([one.start(), two.start()]);
  const { id } = await one.enqueue('test', {}, { title: 't' });
  await vi.waitFor(() => expect(contexts.size).toBe(1));
  const [silent] = contexts.keys();
  const other = silent === 'one' ? 'two' : 'one';
  await expect
    .poll(
      async () => {
        // As if its renewals had not come for the time of a lease.
        await opened.store.db
          .updateTable('jobs')
          .set({ claimed_until: 0 })
          .where('claimed_by', '=', `host-${silent}/1/x`)
          .execute();
        return contexts.has(other);
      },
      { timeout: 5_000, interval: 20 },
    )
    .toBe(true);
  await vi.waitFor(() => expect(contexts.get(silent!)!.signal.aborted).toBe(true), { timeout: 5_000 });
  await expect(contexts.get(silent!)!.saveCheckpoint('stale')).rejects.toMatchObject({ code: 'cancelled' });
  await contexts.get(other)!.saveCheckpoint('fresh');
  expect(await one.get(id)).toMatchObject({ status: 'running' });
  await stop();
});
