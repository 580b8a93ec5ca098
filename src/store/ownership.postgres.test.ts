// Two programs on one PostgreSQL: what one writes is no left-over for the other while it lives, and is when it does not.
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore, type PostgresTestStore } from '../../test/open-postgres-store.ts';
import { createRunLog } from '../agent/create-run-log.ts';
import type { RunLog } from '../agent/run-log.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Store } from './store.ts';
import { createStoredResponses } from './stored-responses.ts';
import { watchOthers } from './watch-others.ts';

let opened: PostgresTestStore;
let here: Store;
let there: Store;
let mine: RunLog;
let theirs: RunLog;
const logs: RunLog[] = [];
const runLog = (store: Store) => {
  const made = createRunLog({ store, log: silentLog, flushMs: 5 });
  logs.push(made);
  return made;
};

beforeEach(async () => {
  opened = await openPostgresStore();
  here = opened.store;
  there = await opened.another();
  mine = runLog(here);
  theirs = runLog(there);
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close(0).catch(() => {});
  await there.close();
  await opened.dispose();
});

const start = (log: RunLog, id: string, conversationId: string | null = null) =>
  log.start({ id, kind: 'agent', userId: 'ada', conversationId, messageId: null }, []);
const delta = { type: 'text-delta', id: '0', delta: 'a' } as const;
const finish = { type: 'run-finish', status: 'complete', receipt: null, error: null } as const;
const orphans = async (log: RunLog) => (await log.orphans()).map(({ id }) => id);

const holders = async ({ node }: Store, by: Store) => {
  const { rows } = await sql<{ pid: number }>`select pid from pg_locks where locktype = 'advisory' and granted
    and ((classid::bigint << 32) | objid::bigint) = ${node?.id}`.execute(by.db);
  return rows.map(({ pid }) => pid);
};
/** As a machine ends that loses its power: the server notices that nobody is there. */
async function goes(store: Store, by: Store): Promise<void> {
  for (const pid of await holders(store, by)) await sql`select pg_terminate_backend(${pid})`.execute(by.db);
}
/** For the programs of these tests, which live on: dead for as long as a test needs it. */
const forgets = (store: Store) =>
  here.write([
    here.db
      .updateTable('runs')
      .set({ owner: 1 })
      .where('owner', '=', store.node?.id ?? 0),
  ]);

test('what a living program writes is left alone by one that looks for left-overs', async () => {
  const run = await start(theirs, 'run_1');
  const ledger = createLedger({ store: there, log: silentLog, keepContent: () => true });
  const span = ledger.startSpan({ name: 'chat', kind: 'model', userId: 'ada' });
  await ledger.flush();
  const responses = createStoredResponses({ store: there });
  const response = { id: 'resp_1', userId: 'ada', model: 'm', status: 'in_progress', body: {} };
  await responses.put({
    ...response,
    inputItems: [],
    previousId: null,
    traceId: null,
    createdAt: Date.now(),
  });

  expect(await orphans(mine)).toEqual([]);
  await expect(mine.adopt('run_1')).rejects.toMatchObject({ code: 'conflict' });
  const second = createLedger({ store: here, log: silentLog, keepContent: () => true });
  await second.flush();
  const status = async () =>
    (await here.db.selectFrom('traces').select('status').executeTakeFirstOrThrow()).status;
  expect(await status()).toBe('running');
  expect(await createStoredResponses({ store: here }).get('ada', 'resp_1')).toMatchObject({
    elsewhere: true,
  });
  expect(await responses.get('ada', 'resp_1')).toMatchObject({ elsewhere: false });

  span.end({ status: 'ok' });
  await ledger.flush();
  expect(await status()).toBe('ok');
  run.append(delta);
  await run.finish(finish, []);
  expect((await mine.get('run_1', 'ada')).status).toBe('complete');
  await ledger.close();
  await second.close();
});

test('of two programs that want what a dead one left, one gets it', async () => {
  const third = await opened.another();
  const others = runLog(third);
  for (let round = 0; round < 10; round++) {
    const id = `run_${round}`;
    await (await start(theirs, id)).flush();
    await forgets(there);
    expect(await orphans(mine)).toEqual([id]);
    const tries = await Promise.allSettled([mine.adopt(id), others.adopt(id)]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'fulfilled') await one.value.finish(finish, []);
      else expect(one.reason).toMatchObject({ code: 'conflict' });
  }
  await others.close(0);
  await third.close();
});

test('a program whose run was taken over stores nothing more of it, and stops', async () => {
  const lost = await start(theirs, 'run_1');
  lost.append(delta);
  await lost.flush();
  await forgets(there);
  const taken = await mine.adopt('run_1');
  lost.append({ ...delta, delta: 'too late' });
  await expect(lost.flush()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('taken over'),
  });
  expect(lost.signal.aborted).toBe(true);
  await expect(lost.finish({ ...finish, status: 'stopped' }, [])).rejects.toMatchObject({ code: 'conflict' });
  taken.append({ ...delta, delta: 'b' });
  await taken.finish(finish, []);
  expect(
    (await mine.events('run_1')).map(({ event }) => ('delta' in event ? event.delta : event.type)),
  ).toEqual(['a', 'b', 'run-finish']);
});

test('a conversation is answered by one program at a time', async () => {
  const first = await start(theirs, 'run_1', 'con_1');
  await expect(start(mine, 'run_2', 'con_1')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('being written by another program'),
  });
  await start(mine, 'run_3', 'con_2').then((run) => run.finish(finish, []));
  await first.finish(finish, []);
  await (await start(mine, 'run_4', 'con_1')).finish(finish, []);
  for (let round = 0; round < 10; round++) {
    const both = await Promise.allSettled([
      start(mine, `run_a${round}`, 'con_3'),
      start(theirs, `run_b${round}`, 'con_3'),
    ]);
    const begun = both.filter((one) => one.status === 'fulfilled');
    expect(begun).toHaveLength(1);
    for (const one of begun) await one.value.finish(finish, []);
  }
});

test('a lost sign of life comes back under its number, and meanwhile nothing is taken over', async () => {
  await start(theirs, 'run_1');
  let taken = 0;
  const watch = watchOthers({
    store: here,
    log: silentLog,
    everyMs: 20,
    graceMs: 1_500,
    takeUp: async () => void taken++,
  });
  const [before] = await holders(there, here);
  await goes(there, here);
  await expect
    .poll(async () => (await holders(there, here))[0] ?? before, { timeout: 5_000 })
    .not.toBe(before);
  expect(await orphans(mine)).toEqual([]);
  await new Promise((done) => setTimeout(done, 1_700));
  expect(taken).toBe(0);

  await there.close();
  await expect.poll(() => taken, { timeout: 5_000 }).toBeGreaterThan(0);
  expect(await orphans(mine)).toEqual(['run_1']);
  await watch.stop();
});
