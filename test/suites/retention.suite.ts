// Retention removes the oldest, and all that hangs on it, and nothing else.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { traceFilterSchema } from '../../src/contracts/span.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLedger } from '../../src/monitoring/create-ledger.ts';
import { createRetentionJob, type RetentionOptions } from '../../src/monitoring/retention.ts';
import type { TestStore } from '../open-test-store.ts';

export function retentionSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`retention on ${name}`, () => {
    const DAY_MS = 86_400_000;
    let opened: TestStore;
    let clock = 0;
    beforeEach(async () => {
      opened = await openStore();
    });
    afterEach(() => opened.dispose());

    function open() {
      return createLedger({
        store: opened.store,
        log: silentLog,
        keepContent: () => true,
        clock: () => clock * 1000,
      });
    }

    async function run(options: Partial<RetentionOptions>, signal = new AbortController().signal) {
      const job = createRetentionJob({
        store: opened.store,
        settings: () => ({ retentionDays: null, retentionMegabytes: null }),
        ...options,
      });
      return job.run({
        id: 'job',
        payload: {},
        signal,
        checkpoint: null,
        progress() {},
        async saveCheckpoint() {},
      });
    }

    /** 250 traces, one a day, each with 10 kB of content; a rating on each fiftieth. */
    async function fill() {
      const ledger = open();
      const now = Date.now();
      for (let age = 249; age >= 0; age--) {
        clock = now - age * DAY_MS;
        const span = ledger.startSpan({
          name: `day ${age}`,
          kind: 'model',
          userId: 'local',
          input: `zebra ${'x'.repeat(10_000)}`,
        });
        span.end({ status: 'ok', output: 'done' });
        if (age % 50 === 0) await ledger.rate(span.spanId, span.traceId, 'local', { value: 1 });
      }
      await ledger.flush();
      return ledger;
    }

    const left = async () => {
      const counts: Record<string, number> = {};
      for (const table of ['traces', 'spans', 'span_contents', 'scores'] as const) {
        counts[table] = (await opened.store.db.selectFrom(table).selectAll().execute()).length;
      }
      return counts;
    };

    test('by age', async () => {
      const ledger = await fill();
      const result = await run({ settings: () => ({ retentionDays: 20, retentionMegabytes: null }) });
      expect(result).toMatchObject({ traces: 230 });
      expect(await left()).toEqual({ traces: 20, spans: 20, span_contents: 20, scores: 1 });
      const list = await ledger.listTraces(traceFilterSchema.parse({ text: 'zebra', limit: 200 }), null);
      expect(list.traces).toHaveLength(20);
      expect(await opened.store.text.search('trace', 'local', 'zebra', 1000)).toHaveLength(20);
    });

    test('by size, the oldest first', async () => {
      const ledger = await fill();
      await run({ settings: () => ({ retentionDays: null, retentionMegabytes: 1 }) });
      const { traces } = await ledger.listTraces(traceFilterSchema.parse({ limit: 200 }), null);
      expect(traces.length).toBeGreaterThan(90);
      expect(traces.length).toBeLessThan(105);
      expect(traces[0]?.name).toBe('day 0');
      expect(traces.at(-1)?.name).toBe(`day ${traces.length - 1}`);
    });

    test('nothing by default, what is under way never, and others are asked too', async () => {
      const ledger = await fill();
      clock = Date.now() - 300 * DAY_MS;
      ledger.startSpan({ name: 'open', kind: 'run', userId: 'local' });
      await ledger.flush();
      expect(await run({ also: { conversations: async () => 3 } })).toEqual({
        traces: 0,
        jobs: 0,
        conversations: 3,
      });
      await run({ settings: () => ({ retentionDays: 1, retentionMegabytes: 1 }) });
      const { traces } = await ledger.listTraces(traceFilterSchema.parse({}), null);
      expect(traces.map(({ name }) => name)).toEqual(['day 0', 'open']);
    });

    test('finished jobs of long ago go, others stay', async () => {
      const job = (id: string, status: string, ended: number | null) => ({
        id,
        kind: 'x',
        title: 'x',
        payload: '{}',
        status,
        progress: null,
        result: null,
        error: null,
        checkpoint: null,
        can_pause: 0,
        attempts: 1,
        run_at: 0,
        claimed_by: null,
        claimed_until: null,
        unique_key: null,
        created_at: 0,
        started_at: 0,
        ended_at: ended,
      });
      const rows = [job('old', 'complete', 1), job('new', 'failed', Date.now()), job('open', 'queued', null)];
      await opened.store.db.insertInto('jobs').values(rows).execute();
      expect(await run({})).toMatchObject({ jobs: 1 });
      const ids = await opened.store.db.selectFrom('jobs').select('id').orderBy('id').execute();
      expect(ids.map(({ id }) => id)).toEqual(['new', 'open']);
    });

    test('it stops when told to', async () => {
      await fill();
      const settings = () => ({ retentionDays: 1, retentionMegabytes: null });
      await expect(run({ settings }, AbortSignal.abort('shutdown'))).rejects.toBe('shutdown');
      expect((await left()).traces).toBe(250);
    });
  });
}
