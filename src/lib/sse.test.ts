// Server-sent events: their text, their pace, and what a client that leaves causes.
import { describe, expect, test } from 'vitest';
import { formatSse, sseResponse } from './sse.ts';

describe('the text of an event', () => {
  test.each([
    [{ data: 'a' }, 'data: a\n\n'],
    [{ data: 'a', id: '7', event: 'note' }, 'event: note\nid: 7\ndata: a\n\n'],
    [{ data: 'a\nid: 9\r\n\r\nb' }, 'data: a\ndata: id: 9\ndata: \ndata: b\n\n'],
  ])('%o', (message, text) => {
    expect(formatSse(message)).toBe(text);
  });

  test('lines may end with CRLF, and an event may be only its name', () => {
    expect(formatSse({ event: 'data', data: 'a\nb' }, '\r\n')).toBe(
      'event: data\r\ndata: a\r\ndata: b\r\n\r\n',
    );
    expect(formatSse({ event: 'end' }, '\r\n')).toBe('event: end\r\n\r\n');
  });
});

test('the source is read at the pace of the client, and told when the client leaves', async () => {
  let made = 0;
  let left = false;
  let signal: AbortSignal | undefined;
  const response = sseResponse(async function* (given) {
    signal = given;
    try {
      for (;;) yield { data: String(++made) };
    } finally {
      left = true;
    }
  });
  const reader = response.body!.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made).toBeLessThanOrEqual(3);
  await reader.cancel();
  await expect.poll(() => left).toBe(true);
  expect(signal?.aborted).toBe(true);
});

test('silence is filled with comments, and an outer signal ends a waiting source', async () => {
  const stop = new AbortController();
  const response = sseResponse(
    async function* (signal) {
      yield { data: 'first' };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    { signals: [stop.signal], pingMs: 10 },
  );
  setTimeout(() => stop.abort(), 60);
  const text = await response.text();
  expect(text.startsWith('data: first\n\n: ping\n\n')).toBe(true);
});

test('a source that fails breaks the body', async () => {
  const response = sseResponse(async function* () {
    yield { data: 'half' };
    throw new Error('broken');
  });
  await expect(response.text()).rejects.toThrow('broken');
});
