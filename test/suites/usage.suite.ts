// The figures of the ledger on a real store: who spent what on which model, how long it took, and nothing twice.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cost } from '../../src/contracts/money.ts';
import { attribute, traceFilterSchema } from '../../src/contracts/span.ts';
import { type UsageQuery, usageQuerySchema } from '../../src/contracts/usage.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLedger } from '../../src/monitoring/create-ledger.ts';
import type { Ledger } from '../../src/monitoring/ledger.ts';
import type { SpanRecord } from '../../src/monitoring/span-record.ts';
import { spanBatch } from '../../src/monitoring/span-write.ts';
import type { TestStore } from '../open-test-store.ts';

/** Noon of a day, so that hours before and after it are of the same day. */
const NOON = Date.UTC(2026, 4, 20, 12);
const HOUR_MS = 3_600_000;

export function usageSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`the figures of the ledger on ${name}`, () => {
    let opened: TestStore;
    let ledger: Ledger;
    const clock = { now: 0 };

    beforeEach(async () => {
      opened = await openStore();
      clock.now = NOON * 1000;
      ledger = createLedger({
        store: opened.store,
        log: silentLog,
        keepContent: () => true,
        clock: () => clock.now,
      });
    });
    afterEach(async () => {
      await ledger.close();
      await opened.dispose();
    });

    interface Call {
      at?: number;
      user?: string;
      key?: string;
      app?: string;
      model?: string;
      ms?: number;
      firstMs?: number | null;
      cost?: Cost;
      saved?: number;
      status?: 'ok' | 'error' | 'cancelled';
      source?: string;
    }

    /** A call as the gateway writes it: the root is the call, its attempt is what was charged. */
    function call(options: Call = {}): string {
      const { at = NOON, user = 'ada', model = 'm/one', ms = 100, status = 'ok' } = options;
      clock.now = at * 1000;
      const root = ledger.startSpan({
        name: `chat ${model}`,
        kind: 'model',
        userId: user,
        keyId: options.key ?? null,
        app: options.app ?? null,
        source: options.source ?? 'api',
      });
      const attempt = ledger.startSpan({
        traceId: root.traceId,
        parentId: root.spanId,
        name: 'attempt',
        kind: 'attempt',
        userId: user,
      });
      clock.now += ms * 1000;
      const usage = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
      attempt.end({
        status,
        model,
        usage,
        cost: options.cost ?? { kind: 'known', nanoDollars: 1000 },
        attributes: options.saved === undefined ? {} : { [attribute.savedNano]: options.saved },
      });
      root.end({ status, model, timeToFirstTokenMs: options.firstMs ?? null });
      return root.traceId;
    }

    const report = async (query: Partial<UsageQuery>, scope: string | null = null) => {
      await ledger.flush();
      return ledger.usageReport(usageQuerySchema.parse({ from: NOON - 72 * HOUR_MS, ...query }), scope);
    };
    const near = (value: number | undefined, expected: number) =>
      expect(Math.abs(Math.log((value ?? 0) / expected))).toBeLessThan(Math.log(1.1));

    test('by model, person, key, app and source, with names and the sum of all', async () => {
      const { db } = opened.store;
      const now = { created_at: NOON, disabled_at: null, last_seen_at: null };
      await db
        .insertInto('users')
        .values([{ id: 'ada', name: 'Ada L.', role: 'member', email: 'ada@example.org', ...now }])
        .execute();
      await db
        .insertInto('api_keys')
        .values({
          id: 'key_1',
          user_id: 'ada',
          name: 'Laptop',
          prefix: 'atl_ab',
          hash: 'x',
          models: null,
          apps: null,
          expires_at: null,
          revoked_at: null,
          created_by: 'ada',
          created_at: NOON,
          last_used_at: null,
        })
        .execute();
      call({ key: 'key_1' });
      call({ key: 'key_1', app: 'writer', model: 'm/two', cost: { kind: 'known', nanoDollars: 5000 } });
      call({ user: 'bob', cost: { kind: 'unknown' }, source: 'page' });
      call({ user: 'bob', status: 'error', cost: { kind: 'none' } });

      const groups = async (by: UsageQuery['by']) =>
        (await report({ by })).rows.map(({ group, label, calls, errors, costNano, unpricedCalls }) => [
          group,
          label,
          calls,
          errors,
          costNano,
          unpricedCalls,
        ]);
      expect(await groups('user')).toEqual([
        ['ada', 'Ada L.', 2, 0, 6000, 0],
        ['bob', '', 2, 1, 0, 1],
      ]);
      expect(await groups('key')).toEqual([
        ['key_1', 'Laptop', 2, 0, 6000, 0],
        ['', '', 2, 1, 0, 1],
      ]);
      expect(await groups('app')).toEqual([
        ['writer', '', 1, 0, 5000, 0],
        ['', '', 3, 1, 1000, 1],
      ]);
      expect(await groups('model')).toEqual([
        ['m/two', '', 1, 0, 5000, 0],
        ['m/one', '', 3, 1, 1000, 1],
      ]);
      expect(await groups('source')).toEqual([
        ['api', '', 3, 1, 6000, 0],
        ['page', '', 1, 0, 0, 1],
      ]);
      const { total } = await report({ by: 'model' });
      expect(total).toMatchObject({
        calls: 4,
        errors: 1,
        inputTokens: 40,
        outputTokens: 20,
        costNano: 6000,
        unpricedCalls: 1,
      });
    });

    test('hours and days in their order, from an hour to before another', async () => {
      for (const hours of [-30, -1, 0, 0]) call({ at: NOON + hours * HOUR_MS });
      expect((await report({ by: 'hour' })).rows.map(({ group, calls }) => [Number(group), calls])).toEqual([
        [NOON - 30 * HOUR_MS, 1],
        [NOON - HOUR_MS, 1],
        [NOON, 2],
      ]);
      expect((await report({ by: 'day' })).rows.map(({ group, calls }) => [Number(group), calls])).toEqual([
        [NOON - 36 * HOUR_MS, 1],
        [NOON - 12 * HOUR_MS, 3],
      ]);
      const between = await report({ by: 'hour', from: NOON - HOUR_MS + 1234, to: NOON });
      expect(between.total.calls).toBe(1);
    });

    test('every filter restricts, and so does whose figures may be seen', async () => {
      call({ key: 'k', app: 'writer', source: 'page' });
      call({ user: 'bob', model: 'm/two' });
      const calls = async (query: Partial<UsageQuery>, scope: string | null = null) =>
        (await report(query, scope)).total.calls;
      expect(await calls({})).toBe(2);
      for (const query of [
        { keyId: 'k' },
        { app: 'writer' },
        { source: 'page' },
        { userId: 'ada' },
        { model: 'm/one' },
        { model: 'm/two' },
      ])
        expect(await calls(query)).toBe(1);
      expect(await calls({ userId: "ada' or '1'='1" })).toBe(0);
      expect(await calls({}, 'bob')).toBe(1);
      expect(await calls({ userId: 'ada' }, 'bob')).toBe(0);
    });

    test('latency is that of the calls that succeeded; an attempt is not a call', async () => {
      for (let i = 0; i < 95; i++) call({ ms: 100, firstMs: 20 });
      for (let i = 0; i < 5; i++) call({ ms: 3000, firstMs: 700, model: 'm/slow' });
      call({ ms: 60_000, status: 'error' });
      call({ ms: 60_000, status: 'cancelled' });
      const { rows, total } = await report({ by: 'model' });
      near(total.durationMs?.p50, 100);
      near(total.durationMs?.p99, 3000);
      near(total.firstTokenMs?.p50, 20);
      near(total.firstTokenMs?.p99, 700);
      const slow = rows.find(({ group }) => group === 'm/slow');
      near(slow?.durationMs?.p50, 3000);
      expect((await report({ from: NOON + 48 * HOUR_MS })).total.durationMs).toBeNull();
    });

    test('what was saved is a sum of its own', async () => {
      call({ saved: 700 });
      call({ saved: 42, cost: { kind: 'none' } });
      expect(await report({})).toMatchObject({ savedNano: 742, total: { costNano: 1000 } });
    });

    test('children count for the key and the app of their trace', async () => {
      const run = ledger.startSpan({
        name: 'run',
        kind: 'run',
        userId: 'ada',
        keyId: 'key_9',
        app: 'agents/helper',
      });
      const model = ledger.startSpan({
        traceId: run.traceId,
        parentId: run.spanId,
        name: 'chat',
        kind: 'model',
        userId: 'ada',
      });
      model.end({ status: 'ok', model: 'm/one' });
      run.end({ status: 'ok' });
      expect((await report({ by: 'key' })).rows.map(({ group, calls }) => [group, calls])).toEqual([
        ['key_9', 1],
      ]);
      expect((await report({ by: 'app' })).rows[0]?.group).toBe('agents/helper');
      const filter = (fields: object) => ledger.listTraces(traceFilterSchema.parse(fields), null);
      expect((await filter({ keyId: 'key_9' })).traces[0]).toMatchObject({
        keyId: 'key_9',
        app: 'agents/helper',
      });
      expect((await filter({ app: 'agents/helper' })).traces).toHaveLength(1);
      expect((await filter({ keyId: 'another' })).traces).toEqual([]);
      expect((await filter({ app: 'another' })).traces).toEqual([]);
    });

    test('spans that are delivered again, early or late, change no figure', async () => {
      const traceId = call({ saved: 7, firstMs: 20, key: 'k', app: 'a' });
      await ledger.flush();
      const { db } = opened.store;
      const figures = async () => [
        await db.selectFrom('usage_hourly').selectAll().execute(),
        await db.selectFrom('latency_hourly').selectAll().orderBy('measure').execute(),
      ];
      const before = await figures();
      expect(before[1]).toHaveLength(2);
      const { spans } = await ledger.getTrace(traceId, null);
      const again = spans.map((span): SpanRecord => ({ ...span, source: 'api', keyId: 'k', app: 'a' }));
      const running = again.map((span): SpanRecord => ({ ...span, endUs: null, status: 'running' }));
      await opened.store.write(spanBatch(opened.store, again, true).statements);
      await opened.store.write(spanBatch(opened.store, running, true).statements);
      await opened.store.write(spanBatch(opened.store, again, true).statements);
      expect(await figures()).toEqual(before);
    });

    test('the sum of many calls is that of each, to the nano-dollar', async () => {
      let sum = 0;
      for (let i = 0; i < 700; i++) {
        const nanoDollars = 1 + ((i * 7919) % 100_003);
        sum += nanoDollars;
        call({ at: NOON + (i % 50) * HOUR_MS, cost: { kind: 'known', nanoDollars } });
      }
      const { total, rows } = await report({ by: 'hour' });
      expect(total.costNano).toBe(sum);
      expect(rows.reduce((cost, row) => cost + row.costNano, 0)).toBe(sum);
    });
  });
}
