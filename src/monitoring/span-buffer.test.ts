// The queue before the store: bounded, in batches, and honest about what it could not keep.
import { expect, test } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { createSpanBuffer } from './span-buffer.ts';
import type { SpanRecord } from './span-record.ts';

const span = (number: number): SpanRecord => ({
  traceId: String(number).padStart(32, '0'),
  spanId: String(number).padStart(16, '0'),
  parentId: null,
  name: 'x',
  kind: 'tool',
  startUs: number,
  userId: 'local',
  conversationId: null,
  source: null,
  keyId: null,
  app: null,
  endUs: null,
  status: 'running',
  error: null,
  model: null,
  usage: null,
  cost: null,
  timeToFirstTokenMs: null,
  attributes: {},
  input: undefined,
  output: undefined,
});

test('256 waiting spans begin a batch at once, one batch runs at a time, and none is lost', async () => {
  const batches: number[] = [];
  let running = 0;
  const buffer = createSpanBuffer({
    log: silentLog,
    flushMs: 60_000,
    async write(spans) {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      batches.push(spans.length);
      running -= 1;
    },
  });
  for (let i = 0; i < 5000; i++) buffer.put(span(i));
  await buffer.flush();
  expect(batches[0]).toBe(256);
  expect(Math.max(...batches)).toBeLessThanOrEqual(1024);
  expect(batches.reduce((sum, size) => sum + size)).toBe(5000);
});

test('two who flush at once both find their spans stored', async () => {
  const stored = new Set<string>();
  const buffer = createSpanBuffer({
    log: silentLog,
    async write(spans) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const { spanId } of spans) stored.add(spanId);
    },
  });
  const one = async (index: number) => {
    const own = span(index);
    buffer.put(own);
    await buffer.flush();
    return stored.has(own.spanId);
  };
  const first = one(0);
  await Promise.resolve();
  expect(await Promise.all([first, one(1), one(2), one(3)])).toEqual([true, true, true, true]);
});

test('a span that changes while it waits is written once, with its newest state', async () => {
  const written: (number | null)[] = [];
  const buffer = createSpanBuffer({
    log: silentLog,
    async write(spans) {
      written.push(...spans.map(({ endUs }) => endUs));
    },
  });
  const one = span(1);
  buffer.put(one);
  one.endUs = 9;
  buffer.put(one);
  await buffer.flush();
  expect(written).toEqual([9]);
});

test('beyond its capacity it drops new spans, counts them and says so', async () => {
  const logged: unknown[] = [];
  let broken = true;
  const stored: SpanRecord[] = [];
  const buffer = createSpanBuffer({
    log: { ...silentLog, error: (message, fields) => logged.push([message, fields?.spans]) },
    capacity: 10,
    async write(spans) {
      if (broken) throw new Error('the disk is full');
      stored.push(...spans);
    },
  });
  for (let i = 0; i < 15; i++) buffer.put(span(i));
  await expect(buffer.flush()).rejects.toThrow('the disk is full');
  broken = false;
  await buffer.flush();
  expect(stored).toHaveLength(10);
  expect(logged.at(-1)).toEqual(['spans were dropped because the store did not take them in time', 5]);
});

test('while the store refuses it is not asked at every span, and the log says it once', async () => {
  let asked = 0;
  let logged = 0;
  const buffer = createSpanBuffer({
    log: { ...silentLog, error: () => (logged += 1) },
    flushSpans: 4,
    async write() {
      asked += 1;
      throw new Error('the disk is full');
    },
  });
  for (let i = 0; i < 100; i++) {
    buffer.put(span(i));
    await Promise.resolve();
  }
  await expect(buffer.flush()).rejects.toThrow('the disk is full');
  expect(asked).toBeLessThan(10);
  expect(logged).toBe(1);
});

test('a span that the store refuses keeps no other from it', async () => {
  const stored = new Set<string>();
  const logged: string[] = [];
  const buffer = createSpanBuffer({
    log: { ...silentLog, error: (message: string) => void logged.push(message) },
    flushMs: 60_000,
    async write(spans) {
      if (spans.some(({ startUs }) => startUs === 77 || startUs === 200)) throw new Error('refused');
      for (const { spanId } of spans) stored.add(spanId);
    },
  });
  for (let i = 0; i < 250; i++) buffer.put(span(i));
  await buffer.flush();
  expect(stored.size).toBe(248);
  expect(logged).toEqual(
    Array(2).fill('a span that the store refuses was dropped, so that the others are stored'),
  );
  await buffer.flush();
});

test('a store that is gone drops nothing, and is not asked more than it must', async () => {
  let asked = 0;
  let gone = true;
  const stored = new Set<string>();
  const buffer = createSpanBuffer({
    log: silentLog,
    flushMs: 60_000,
    async write(spans) {
      asked += 1;
      if (gone) throw new Error('gone');
      for (const { spanId } of spans) stored.add(spanId);
    },
  });
  for (let i = 0; i < 100; i++) buffer.put(span(i));
  await expect(buffer.flush()).rejects.toThrow('gone');
  expect(asked).toBe(3);
  gone = false;
  await buffer.flush();
  expect(stored.size).toBe(100);
});
