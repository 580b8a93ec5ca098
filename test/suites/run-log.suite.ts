// The run log on a real store: every watcher sees every event once, whenever it comes, and an end is atomic.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunLog } from '../../src/agent/create-run-log.ts';
import type { RunLog, RunWriter } from '../../src/agent/run-log.ts';
import type { LoggedEvent, RunEvent } from '../../src/contracts/run.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { TestStore } from '../open-test-store.ts';

export function runLogSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`the run log on ${name}`, () => {
    let opened: TestStore;
    let runs: RunLog;
    beforeEach(async () => {
      opened = await openStore();
      runs = createRunLog({ store: opened.store, log: silentLog });
    });
    afterEach(async () => {
      await runs.close(0);
      await opened.dispose();
    });

    let count = 0;
    const begin = (log = runs, userId = 'local'): Promise<RunWriter> =>
      log.start({ id: `run_${++count}`, kind: 'test', userId, conversationId: null, messageId: null }, []);
    const delta = (text: string): RunEvent => ({ type: 'text-delta', id: '0', delta: text });
    const finish = { type: 'run-finish', status: 'complete', receipt: null, error: null } as const;

    async function collect(watching: AsyncIterable<LoggedEvent>, pauseMs = 0): Promise<LoggedEvent[]> {
      const events: LoggedEvent[] = [];
      for await (const event of watching) {
        events.push(event);
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return events;
    }
    const sequence = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

    describe('watching', () => {
      test('watchers that come at any moment see every event once, in order', async () => {
        const writer = await begin();
        const watchers: { after: number; events: Promise<LoggedEvent[]> }[] = [];
        const events = 400;
        for (let i = 1; i <= events; i++) {
          if (i % 20 === 0)
            watchers.push({
              after: i % 3 ? 0 : i - 10,
              events: collect(runs.watch(writer.id, 'local', i % 3 ? 0 : i - 10)),
            });
          writer.append(delta(`${i} `));
          if (i % 40 === 0) await sleep(40);
        }
        await writer.finish(finish, []);
        watchers.push({ after: 0, events: collect(runs.watch(writer.id, 'local', 0)) });
        for (const { after, events: seen } of watchers) {
          expect((await seen).map(({ seq }) => seq)).toEqual(sequence(after + 1, events + 1));
        }
        expect((await watchers[0]!.events).at(-1)?.event).toEqual(finish);
      });

      test('a run that cannot be stored holds up no other', async () => {
        const broken = await begin();
        const sound = await begin();
        // As another process would leave it that took the run for its own.
        await opened.store.write([
          opened.store.db
            .insertInto('run_events')
            .values({ run_id: broken.id, seq: 1, at: 0, event: JSON.stringify(finish) }),
        ]);
        broken.append(delta('lost'));
        sound.append(delta('kept'));
        await expect.poll(async () => (await runs.events(sound.id)).length, { timeout: 3000 }).toBe(1);
        expect((await runs.events(sound.id))[0]?.event).toEqual(delta('kept'));
      });

      test('a reader that comes back at every place gets exactly the rest', async () => {
        const writer = await begin();
        for (let i = 1; i <= 30; i++) writer.append(delta(String(i)));
        await writer.finish(finish, []);
        for (let after = 0; after <= 31; after++) {
          expect((await collect(runs.watch(writer.id, 'local', after))).map(({ seq }) => seq)).toEqual(
            sequence(after + 1, 31),
          );
        }
      });

      test('an end between the two reads is seen once', async () => {
        for (let round = 0; round < 30; round++) {
          const writer = await begin();
          writer.append(delta('a'));
          const watching = collect(runs.watch(writer.id, 'local', 0));
          if (round % 3 === 0) await sleep(round / 10);
          writer.append(delta('b'));
          const [seen] = await Promise.all([watching, writer.finish(finish, [])]);
          expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3]);
        }
      });

      test('a slow watcher holds up nobody and misses nothing', async () => {
        const writer = await begin();
        const slow = runs.watch(writer.id, 'local', 0)[Symbol.asyncIterator]();
        writer.append(delta('first'));
        expect((await slow.next()).value.seq).toBe(1);
        const fast = collect(runs.watch(writer.id, 'local', 0));
        const events = 12_000; // far more than stay in memory
        const started = performance.now();
        for (let i = 2; i <= events; i++) {
          writer.append(delta('x'));
          if (i % 500 === 0) await sleep(20);
        }
        expect(performance.now() - started).toBeLessThan(15_000);
        await writer.finish(finish, []);
        expect(await fast).toHaveLength(events + 1);
        const rest = [];
        for (let next = await slow.next(); !next.done; next = await slow.next()) rest.push(next.value.seq);
        expect(rest).toEqual(sequence(2, events + 1));
      });

      test('a held event is seen and stored only with what it waits for', async () => {
        const writer = await begin();
        writer.append(delta('before'));
        // A flush that comes by itself meanwhile must not take the held one.
        writer.hold();
        writer.append(delta('held'));
        await expect.poll(async () => (await runs.events(writer.id)).length, { timeout: 3000 }).toBe(1);
        await sleep(50);
        expect((await runs.events(writer.id)).map(({ event }) => event)).toEqual([delta('before')]);
        const seen: unknown[] = [];
        const watching = (async () => {
          for await (const { event } of runs.watch(writer.id, 'local', 0)) {
            seen.push(event);
            if (seen.length === 2) break;
          }
        })();
        await sleep(20);
        expect(seen).toEqual([delta('before')]);
        await writer.flush([]);
        await watching;
        expect(seen).toEqual([delta('before'), delta('held')]);
        await writer.finish(finish, []);
        expect(await runs.events(writer.id)).toHaveLength(3);
      });

      test('events come before they are stored, and are stored without being asked to', async () => {
        const writer = await begin();
        const watching = runs.watch(writer.id, 'local', 0)[Symbol.asyncIterator]();
        const next = watching.next();
        writer.append(delta('a'));
        expect((await next).value.seq).toBe(1);
        await expect.poll(() => runs.events(writer.id), { timeout: 10_000 }).toHaveLength(1);
      });

      test('a watcher that goes away stops waiting', async () => {
        const writer = await begin();
        const stop = new AbortController();
        const watching = collect(runs.watch(writer.id, 'local', 0, stop.signal));
        writer.append(delta('a'));
        await sleep(20);
        stop.abort();
        expect(await watching).toHaveLength(1);
      });
    });

    describe('ending', () => {
      test('the end and the caller’s rows are stored together, before watchers hear of it', async () => {
        const writer = await begin();
        writer.append(delta('a'));
        const name = async () =>
          (
            await opened.store.db
              .selectFrom('users')
              .select('name')
              .where('id', '=', 'local')
              .executeTakeFirst()
          )?.name;
        const seen = (async () => {
          for await (const { event } of runs.watch(writer.id, 'local', 0)) {
            if (event.type === 'run-finish')
              return { name: await name(), run: await runs.get(writer.id, 'local') };
          }
          throw new Error('no end');
        })();
        const rename = opened.store.db.updateTable('users').set({ name: 'Ada' }).where('id', '=', 'local');
        await writer.finish(finish, [rename]);
        expect(await seen).toMatchObject({ name: 'Ada', run: { status: 'complete' } });
      });

      test('when the caller’s rows are refused, nothing of the end is stored and watchers are told', async () => {
        const writer = await begin();
        const watching = collect(runs.watch(writer.id, 'local', 0));
        const twice = opened.store.db
          .insertInto('users')
          .values({ id: 'local', name: 'x', role: 'x', created_at: 0 });
        await expect(writer.finish(finish, [twice])).rejects.toMatchObject({ code: 'conflict' });
        expect((await watching).at(-1)?.event).toMatchObject({ type: 'run-finish', status: 'failed' });
        expect((await runs.get(writer.id, 'local')).status).toBe('running');
        expect((await runs.orphans()).map(({ id }) => id)).toEqual([writer.id]);
      });

      test('cancel and shutdown tell the writer which it was', async () => {
        const [one, two] = [await begin(), await begin()];
        await runs.cancel(one.id, 'local');
        expect(one.signal.reason).toBe('stop');
        await one.finish({ ...finish, status: 'stopped' }, []);
        await runs.cancel(one.id, 'local'); // it has ended; nothing happens
        two.signal.addEventListener('abort', () => void two.finish({ ...finish, status: 'interrupted' }, []));
        await runs.close(1000);
        expect(two.signal.reason).toBe('shutdown');
        expect((await runs.get(two.id, 'local')).status).toBe('interrupted');
        await expect(begin()).rejects.toMatchObject({ code: 'interrupted' });
      });

      test('what an earlier process left open is found, and can be ended', async () => {
        const writer = await begin();
        writer.append(delta('half'));
        await expect.poll(() => runs.events(writer.id), { timeout: 10_000 }).toHaveLength(1);
        const next = createRunLog({ store: opened.store, log: silentLog });
        const [orphan] = await next.orphans();
        expect(orphan?.id).toBe(writer.id);
        expect(await collect(next.watch(writer.id, 'local', 0))).toHaveLength(1);
        const adopted = await next.adopt(writer.id);
        expect(await next.orphans()).toEqual([]);
        const watching = collect(next.watch(writer.id, 'local', 0));
        await adopted.finish({ ...finish, status: 'interrupted' }, []);
        expect((await watching).map(({ seq }) => seq)).toEqual([1, 2]);
        await expect(next.adopt(writer.id)).rejects.toMatchObject({ code: 'conflict' });
      });
    });

    test('another person’s run is not there', async () => {
      const writer = await begin(runs, 'ada');
      for (const call of [
        () => runs.get(writer.id, 'bob'),
        () => runs.cancel(writer.id, 'bob'),
        () => collect(runs.watch(writer.id, 'bob', 0)),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(writer.signal.aborted).toBe(false);
    });

    test('old events are forgotten, runs are not', async () => {
      const [ended, open] = [await begin(), await begin()];
      ended.append(delta('a'));
      open.append(delta('a'));
      await ended.finish(finish, []);
      expect(await runs.purge(Date.now() - 60_000)).toBe(0);
      expect(await runs.purge(Date.now() + 60_000)).toBe(1);
      expect(await runs.events(ended.id)).toEqual([]);
      expect((await runs.get(ended.id, 'local')).status).toBe('complete');
      expect(await runs.purge(Date.now() + 60_000)).toBe(0);
    });
  });
}
