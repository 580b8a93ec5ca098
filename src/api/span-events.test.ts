// A quick page hears of every span; for one that does not read, what waits stays small and no end is missing.
import { expect, test } from 'vitest';
import type { ServerEvent } from '../contracts/system.ts';
import { createLatestQueue } from '../lib/latest-queue.ts';
import { createSpanEvents } from './span-events.ts';

const notice = (event: 'started' | 'ended', spanId: string) =>
  ({ event, spanId, traceId: 't', kind: 'model', userId: 'u' }) as const;

async function read(queue: ReturnType<typeof createLatestQueue<ServerEvent>>) {
  queue.close();
  const seen: string[] = [];
  for await (const event of queue) if ('spanId' in event) seen.push(`${event.type} ${event.spanId}`);
  return seen;
}

test('every beginning and end', async () => {
  const queue = createLatestQueue<ServerEvent>();
  const put = createSpanEvents(queue);
  for (const id of ['a', 'b']) put(notice('started', id));
  for (const id of ['b', 'a']) put(notice('ended', id));
  expect(await read(queue)).toEqual(['span-started a', 'span-started b', 'span-ended b', 'span-ended a']);
});

test('a page that does not read', async () => {
  const queue = createLatestQueue<ServerEvent>();
  const put = createSpanEvents(queue, 10);
  put(notice('started', 'told'));
  const reader = queue[Symbol.asyncIterator]();
  await reader.next();
  for (let at = 0; at < 500; at++) put(notice('started', `s${at}`));
  for (let at = 0; at < 500; at++) put(notice('ended', `s${at}`));
  expect(queue.size).toBeLessThanOrEqual(20);
  put(notice('ended', 'told'));
  const seen = await read(queue);
  expect(seen).toContain('span-ended told');
  for (const one of seen.filter((text) => text.startsWith('span-started')))
    expect(seen).toContain(one.replace('started', 'ended'));
});
