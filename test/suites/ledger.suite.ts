// The ledger on a real store: what is kept of a call, who may see it, and that nothing is counted twice.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TraceFilter, traceFilterSchema, traceSchema } from '../../src/contracts/span.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLedger, type LedgerOptions } from '../../src/monitoring/create-ledger.ts';
import type { Ledger, OpenSpan } from '../../src/monitoring/ledger.ts';
import type { SpanRecord } from '../../src/monitoring/span-record.ts';
import { spanBatch } from '../../src/monitoring/span-write.ts';
import type { TestStore } from '../open-test-store.ts';

export function ledgerSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`the ledger on ${name}`, () => {
    let opened: TestStore;
    let ledger: Ledger;

    const open = (more: Partial<LedgerOptions> = {}) =>
      createLedger({ store: opened.store, log: silentLog, keepContent: () => true, ...more });
    const filter = (fields: Partial<TraceFilter> = {}): TraceFilter => traceFilterSchema.parse(fields);

    beforeEach(async () => {
      opened = await openStore();
      ledger = open();
    });
    afterEach(async () => {
      await ledger.close();
      await opened.dispose();
    });

    interface Call {
      user?: string;
      model?: string;
      conversationId?: string;
      question?: string;
      answer?: string;
      cost?: { kind: 'known'; nanoDollars: number } | { kind: 'none' } | { kind: 'unknown' };
      input?: number;
      output?: number;
      source?: string;
    }

    /** A call as the gateway writes it: the root holds the messages, the attempt what was charged. */
    function call(to: Ledger, options: Call = {}): { root: OpenSpan; end: () => void } {
      const {
        user = 'local',
        model = 'local/small',
        conversationId,
        question = 'Hi',
        answer = 'Hello',
      } = options;
      const common = { userId: user, conversationId: conversationId ?? null };
      const root = to.startSpan({
        ...common,
        name: `chat ${model}`,
        kind: 'model',
        source: options.source ?? 'page',
        input: [{ role: 'user', content: [{ type: 'text', text: question }] }],
      });
      const attempt = to.startSpan({
        ...common,
        traceId: root.traceId,
        parentId: root.spanId,
        name: `attempt ${model}`,
        kind: 'attempt',
      });
      return {
        root,
        end() {
          attempt.end({
            status: 'ok',
            model,
            usage: {
              input: options.input ?? 10,
              output: options.output ?? 5,
              cacheRead: 0,
              cacheWrite: 0,
              reasoning: 0,
            },
            cost: options.cost ?? { kind: 'none' },
            timeToFirstTokenMs: 12,
          });
          root.end({
            status: 'ok',
            model,
            output: [{ type: 'text', text: answer }],
            timeToFirstTokenMs: 14.5,
          });
        },
      };
    }
    function ended(to: Ledger, options: Call = {}): OpenSpan {
      const { root, end } = call(to, options);
      end();
      return root;
    }

    describe('writing', () => {
      test('a call becomes a tree with the sums of its charged spans', async () => {
        const root = ended(ledger, { conversationId: 'con_1', cost: { kind: 'known', nanoDollars: 1234 } });
        await ledger.flush();
        const trace = traceSchema.parse(await ledger.getTrace(root.traceId, 'local'));
        expect(trace.summary).toMatchObject({
          name: 'chat local/small',
          status: 'ok',
          conversationId: 'con_1',
          model: 'local/small',
          source: 'page',
          usage: { input: 10, output: 5 },
          cost: { kind: 'known', nanoDollars: 1234 },
          timeToFirstTokenMs: 14.5,
          spanCount: 2,
          rating: null,
        });
        expect(trace.spans.map(({ kind, parentId }) => [kind, parentId])).toEqual([
          ['model', null],
          ['attempt', root.spanId],
        ]);
        expect(trace.spans[0]?.output).toEqual([{ type: 'text', text: 'Hello' }]);
        expect(trace.spans[1]?.usage?.input).toBe(10);
      });

      test('an open span is stored too, and ends once', async () => {
        const { root, end } = call(ledger);
        root.setAttributes({ 'atelier.place': 'local' });
        await ledger.flush();
        expect((await ledger.getTrace(root.traceId, null)).summary).toMatchObject({
          status: 'running',
          durationMs: null,
        });
        end();
        root.end({ status: 'error' });
        await ledger.flush();
        const trace = await ledger.getTrace(root.traceId, null);
        expect(trace.summary.status).toBe('ok');
        expect(trace.summary.durationMs).toBeGreaterThanOrEqual(0);
        expect(trace.spans[0]?.attributes).toEqual({ 'atelier.place': 'local' });
        expect(trace.spans[0]?.input).not.toBeNull();
      });

      test('it is stored without being asked to', async () => {
        const root = ended(ledger);
        await expect
          .poll(
            () =>
              ledger.getTrace(root.traceId, null).then(
                ({ summary }) => summary.status,
                () => null,
              ),
            {
              timeout: 10_000,
            },
          )
          .toBe('ok');
      });

      test('a span that is delivered again, early or late, is counted once', async () => {
        const root = ended(ledger, { cost: { kind: 'known', nanoDollars: 7 } });
        await ledger.flush();
        const { spans, summary } = await ledger.getTrace(root.traceId, null);
        const usage = () => opened.store.db.selectFrom('usage_hourly').selectAll().execute();
        const before = await usage();
        const again = spans.map((span): SpanRecord => ({ ...span, source: 'page', keyId: null, app: null }));
        const running = again.map(
          (span): SpanRecord => ({ ...span, endUs: null, status: 'running', cost: null, usage: null }),
        );
        await opened.store.write(spanBatch(opened.store, again, true).statements);
        await opened.store.write(spanBatch(opened.store, running, true).statements);
        expect((await ledger.getTrace(root.traceId, null)).summary).toEqual(summary);
        expect((await ledger.getTrace(root.traceId, null)).spans).toEqual(spans);
        expect(await usage()).toEqual(before);
        expect(before.reduce((calls, row) => calls + row.calls, 0)).toBe(1);
        expect(before.reduce((tokens, row) => tokens + row.input_tokens, 0)).toBe(10);
        expect(before.map((row) => row.source)).toEqual(['page']);
      });

      test('a child that comes before its root, and one batch after another, adds up', async () => {
        const root = ledger.startSpan({ name: 'run', kind: 'run', userId: 'local' });
        await ledger.flush();
        for (let i = 0; i < 3; i++) {
          const child = {
            traceId: root.traceId,
            parentId: root.spanId,
            name: 'x',
            kind: 'attempt',
            userId: 'local',
          } as const;
          ledger.startSpan(child).end({
            status: 'ok',
            model: 'm/x',
            usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
            cost: { kind: 'known', nanoDollars: 5 },
          });
          await ledger.flush();
        }
        root.end({ status: 'ok' });
        await ledger.flush();
        expect((await ledger.getTrace(root.traceId, null)).summary).toMatchObject({
          spanCount: 4,
          usage: { input: 3, output: 6 },
          cost: { kind: 'known', nanoDollars: 15 },
          model: 'm/x',
        });
      });

      test('an unpriced call makes the whole cost unknown; without charged spans nothing is charged', async () => {
        const root = ended(ledger, { cost: { kind: 'known', nanoDollars: 7 } });
        const more = {
          traceId: root.traceId,
          parentId: root.spanId,
          name: 'x',
          kind: 'attempt',
          userId: 'local',
        } as const;
        ledger.startSpan(more).end({ status: 'ok', cost: { kind: 'unknown' } });
        const bare = ledger.startSpan({ name: 'x', kind: 'run', userId: 'local' });
        bare.end({ status: 'ok' });
        await ledger.flush();
        expect((await ledger.getTrace(root.traceId, null)).summary.cost).toEqual({ kind: 'unknown' });
        expect((await ledger.getTrace(bare.traceId, null)).summary.cost).toEqual({ kind: 'none' });
      });

      test('with content switched off only figures are kept, and nothing of it can be found', async () => {
        ledger = open({ keepContent: () => false });
        const root = ended(ledger, { question: 'a secret word' });
        await ledger.flush();
        const trace = await ledger.getTrace(root.traceId, null);
        expect(trace.spans.map(({ input, output }) => [input, output])).toEqual([
          [null, null],
          [null, null],
        ]);
        expect(trace.summary.usage.input).toBe(10);
        expect((await ledger.listTraces(filter({ text: 'secret' }), null)).traces).toEqual([]);
      });

      test('what cannot be written as JSON harms no other span', async () => {
        const circle: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(1000) };
        const odd = ledger.startSpan({ name: 'odd\0name', kind: 'tool', userId: 'local', input: circle });
        circle.self = circle;
        const root = ended(ledger);
        await ledger.flush();
        expect((await ledger.getTrace(root.traceId, null)).spans).toHaveLength(2);
        expect((await ledger.getTrace(odd.traceId, null)).spans[0]?.input).toBe('[not serialisable]');
        odd.end({ status: 'ok', output: { bytes: new Uint8Array(1000) } });
        await ledger.flush();
        expect((await ledger.getTrace(odd.traceId, null)).spans[0]?.output).toEqual({
          bytes: { type: 'bytes', length: 1000 },
        });
      });

      test('half a character, anywhere, harms no span: whoever calls chooses the name of a model', async () => {
        const half = 'a\ud800b\udc00';
        call(ledger, { user: half, model: half, conversationId: half, question: half, answer: half }).end();
        call(ledger, { question: 'whole' }).end();
        await ledger.flush();
        expect((await ledger.listTraces(filter(), null)).traces).toHaveLength(2);
      });

      test('what an earlier process left open is an error, and its end is not invented', async () => {
        const { root } = call(ledger);
        await ledger.flush();
        const store = await opened.reopen();
        ledger = open({ store });
        await ledger.flush();
        await expect
          .poll(async () => (await ledger.getTrace(root.traceId, null)).summary)
          .toMatchObject({ status: 'error', durationMs: null });
        const { spans } = await ledger.getTrace(root.traceId, null);
        expect(spans.map(({ error, endUs }) => [error?.code, endUs])).toEqual([
          ['interrupted', null],
          ['interrupted', null],
        ]);
      });

      test('what another process marked while it ran is whole and counted once, when it ends', async () => {
        const { root, end } = call(ledger, { cost: { kind: 'known', nanoDollars: 7 } });
        await ledger.flush();
        // Another program begins, and takes what runs here for left behind.
        for (const table of ['traces', 'spans'] as const)
          await opened.store.db.updateTable(table).set({ owner: null }).execute();
        const other = open();
        await other.flush();
        ended(other);
        await other.flush();
        expect((await ledger.getTrace(root.traceId, null)).summary.status).toBe('error');
        end();
        await ledger.flush();
        await ledger.flush();
        const { summary } = await ledger.getTrace(root.traceId, null);
        expect(summary).toMatchObject({
          status: 'ok',
          usage: { input: 10, output: 5 },
          cost: { kind: 'known', nanoDollars: 7 },
        });
        const hours = await opened.store.db
          .selectFrom('usage_hourly')
          .select(['calls', 'cost_nano'])
          .where('cost_nano', '>', 0)
          .execute();
        expect(hours.map(({ cost_nano }) => Number(cost_nano))).toEqual([7]);
        await other.close();
      });

      test('spans that the store refused are kept and stored later', async () => {
        let full = true;
        const store = {
          ...opened.store,
          write: (statements: Parameters<typeof opened.store.write>[0]) =>
            full ? Promise.reject(new Error('disk full')) : opened.store.write(statements),
        };
        ledger = open({ store });
        const { root, end } = call(ledger);
        await expect(ledger.flush()).rejects.toThrow('disk full');
        end();
        full = false;
        await ledger.flush();
        expect((await ledger.getTrace(root.traceId, null)).summary).toMatchObject({
          status: 'ok',
          spanCount: 2,
        });
      });

      test('listeners hear of each stored trace', async () => {
        const heard: string[] = [];
        ledger.onChange(({ traceId }) => heard.push(traceId));
        const root = ended(ledger);
        await ledger.flush();
        expect(heard).toEqual([root.traceId]);
      });
    });

    describe('asking', () => {
      test('pages hold every trace once, newest first', async () => {
        const clock = { now: 1_700_000_000_000_000 };
        ledger = open({ clock: () => clock.now });
        const ids: string[] = [];
        for (let i = 0; i < 25; i++) {
          if (i % 3 === 0) clock.now += 1; // several start in the same microsecond
          ids.push(ended(ledger).traceId);
        }
        await ledger.flush();
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await ledger.listTraces(filter({ limit: 4, ...(cursor ? { cursor } : {}) }), 'local');
          seen.push(...page.traces.map(({ traceId }) => traceId));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(seen).toHaveLength(25);
        expect(new Set(seen)).toEqual(new Set(ids));
        await expect(ledger.listTraces(filter({ cursor: 'junk' }), null)).rejects.toMatchObject({
          code: 'invalid_request',
        });
      });

      test('each filter restricts', async () => {
        const a = ended(ledger, {
          model: 'a/one',
          conversationId: 'con_a',
          source: 'api',
          question: 'Où est la Bibliothèque ?',
        });
        const b = ended(ledger, { model: 'b/two', question: '100% of _it_' });
        ledger.startSpan({ name: 'failing', kind: 'run', userId: 'local' }).end({ status: 'error' });
        await ledger.flush();
        const found = async (fields: Partial<TraceFilter>) =>
          (await ledger.listTraces(filter(fields), null)).traces.map(({ name }) => name);
        expect(await found({ model: 'a/one' })).toEqual(['chat a/one']);
        expect(await found({ conversationId: 'con_a' })).toEqual(['chat a/one']);
        expect(await found({ source: 'api' })).toEqual(['chat a/one']);
        expect(await found({ status: 'error' })).toEqual(['failing']);
        expect(await found({ from: Date.now() + 60_000 })).toEqual([]);
        expect(await found({ to: Date.now() + 60_000 })).toHaveLength(3);
        expect(await found({ text: 'bibliotheque' })).toEqual(['chat a/one']);
        expect(await found({ text: 'B/TWO' })).toEqual(['chat b/two']);
        expect(await found({ text: a.traceId.slice(4, 20) })).toEqual(['chat a/one']);
        expect(await found({ text: b.spanId })).toEqual(['chat b/two']);
        expect(await found({ text: 'hello' })).toHaveLength(2);
        expect(await found({ text: '_' })).toEqual(['chat a/one']); // its conversation
        for (const text of ['%', "' or 1=1 --", '"', 'NEAR(', '\0', '*', '\\'])
          expect(await found({ text })).toHaveLength(0);
      });

      test('another person’s trace is not there', async () => {
        const root = ended(ledger, { user: 'ada', question: 'private matter' });
        await ledger.flush();
        await expect(ledger.getTrace(root.traceId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
        await expect(ledger.getTrace('0'.repeat(32), null)).rejects.toMatchObject({ code: 'not_found' });
        await expect(ledger.rate(root.spanId, root.traceId, 'bob', { value: 1 })).rejects.toMatchObject({
          code: 'not_found',
        });
        for (const text of [undefined, 'private', root.traceId]) {
          const fields = text === undefined ? {} : { text };
          expect((await ledger.listTraces(filter(fields), 'bob')).traces).toEqual([]);
          expect((await ledger.listTraces(filter(fields), 'ada')).traces).toHaveLength(1);
          expect((await ledger.listTraces(filter(fields), null)).traces).toHaveLength(1);
        }
        expect(await lines(ledger.exportTraces(filter(), 'bob'))).toEqual([]);
      });
    });

    async function lines(stream: AsyncIterable<string>): Promise<Record<string, unknown>[]> {
      const found = [];
      for await (const line of stream) {
        expect(line.endsWith('\n')).toBe(true);
        found.push(JSON.parse(line));
      }
      return found;
    }

    describe('ratings and exports', () => {
      test('one rating a span and person, changed and taken back, shown on its trace', async () => {
        const { root, end } = call(ledger);
        end();
        const rated = await ledger.rate(root.spanId, root.traceId, 'local', {
          value: -1,
          reason: 'wrong',
          correction: 'Right',
        });
        expect(rated).toMatchObject({ name: 'user.rating', value: -1, reason: 'wrong', correction: 'Right' });
        expect((await ledger.getTrace(root.traceId, null)).summary.rating).toBe(-1);
        expect((await ledger.listTraces(filter({ rating: -1 }), null)).traces).toHaveLength(1);
        // The same thumb keeps its reason, the other one does not.
        expect(await ledger.rate(root.spanId, root.traceId, 'local', { value: -1 })).toMatchObject({
          reason: 'wrong',
        });
        expect(await ledger.rate(root.spanId, root.traceId, 'local', { value: 1 })).toMatchObject({
          value: 1,
          reason: null,
        });
        expect((await ledger.getTrace(root.traceId, null)).scores).toHaveLength(1);
        expect((await ledger.scoresOf([root.spanId], 'local')).get(root.spanId)?.value).toBe(1);
        expect((await ledger.scoresOf([root.spanId], 'bob')).size).toBe(0);
        expect(await ledger.rate(root.spanId, root.traceId, 'local', { value: null })).toBeNull();
        expect((await ledger.getTrace(root.traceId, null)).summary.rating).toBeNull();
        expect((await ledger.scoresOf([root.spanId], 'local')).size).toBe(0);
      });

      test('traces and ratings as JSON Lines, all pages, oldest first', async () => {
        const roots = Array.from({ length: 230 }, (_, i) =>
          ended(ledger, { question: `q${i}`, user: i % 2 ? 'ada' : 'local' }),
        );
        for (const root of roots.slice(0, 22)) {
          const user = roots.indexOf(root) % 2 ? 'ada' : 'local';
          await ledger.rate(root.spanId, root.traceId, user, { value: 1, correction: 'Better' });
        }
        const exported = await lines(ledger.exportTraces(filter({ limit: 5 }), null));
        expect(exported.map((line) => traceSchema.parse(line).summary.traceId)).toEqual(
          (
            await opened.store.db
              .selectFrom('traces')
              .select('trace_id')
              .orderBy('start_us')
              .orderBy('trace_id')
              .execute()
          ).map((row) => row.trace_id),
        );
        expect(exported).toHaveLength(230);
        expect(traceSchema.parse(exported[0]).spans[0]?.input).not.toBeNull();
        const ratings = await lines(ledger.exportRatings(null));
        expect(ratings).toHaveLength(22);
        expect(ratings[0]).toMatchObject({
          model: 'local/small',
          messages: [{ role: 'user', content: [{ type: 'text', text: 'q0' }] }],
          answer: [{ type: 'text', text: 'Hello' }],
          rating: 1,
          correction: 'Better',
        });
        expect(await lines(ledger.exportRatings('ada'))).toHaveLength(11);
      });
    });

    test('a call’s path costs less than 0.2 ms', async () => {
      const times = Array.from({ length: 2000 }, () => {
        const started = performance.now();
        ended(ledger, { question: 'x'.repeat(2000) });
        return performance.now() - started;
      });
      // The median, because the machine that runs the tests may be busy.
      expect(times.sort((a, b) => a - b)[1000]).toBeLessThan(0.2);
      await ledger.flush();
    });
  });
}
