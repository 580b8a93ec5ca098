// Server-sent events as they come off a wire: cut anywhere.
import { expect, test } from 'vitest';
import { eventData } from './sse.ts';

const bodyOf = (...chunks: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });
const read = async (body: ReadableStream<Uint8Array> | null) => {
  const found: string[] = [];
  for await (const data of eventData(body)) found.push(data);
  return found;
};

test.each<[string, string[], string[]]>([
  ['several events in a chunk', ['data: a\n\ndata: b\n\n'], ['a', 'b']],
  ['an event over several chunks', ['da', 'ta: a', 'b\n', '\nda', 'ta: c\n\n'], ['ab', 'c']],
  ['comments, names and ids', [': ping\n\nid: 1\nevent: x\ndata: a\n\n'], ['a']],
  ['several lines of data', ['data: a\ndata: b\n\n'], ['a\nb']],
  ['only the first space is not data', ['data:  a\n\ndata:b\n\n'], [' a', 'b']],
  ['carriage returns, cut in the middle', ['data: a\r\n\r', '\ndata: b\r\n\r\n'], ['a', 'b']],
  ['an event without its end', ['data: a\n\ndata: b'], ['a']],
])('%s', async (_, chunks, expected) => expect(await read(bodyOf(...chunks))).toEqual(expected));

test('a character that is cut in its bytes', async () => {
  const bytes = new TextEncoder().encode('data: é😀\n\n');
  expect(await read(bodyOf(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(['é😀']);
});

test('no body has no events', async () => expect(await read(null)).toEqual([]));

test('a signal ends a body that says nothing, and the body is told', async () => {
  const stop = new AbortController();
  let cancelled = false;
  const silent = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true;
    },
  });
  setTimeout(() => stop.abort(), 20);
  for await (const _ of eventData(silent, stop.signal)) throw new Error('it said something');
  expect(cancelled).toBe(true);
});
