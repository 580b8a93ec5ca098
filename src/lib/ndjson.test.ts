import { expect, test } from 'vitest';
import { ndjsonResponse } from './ndjson.ts';

test('each value is a line, and a line break in a text stays within it', async () => {
  const response = ndjsonResponse(async function* () {
    yield { text: 'one\ntwo' };
    yield { done: true };
  });
  expect(response.headers.get('content-type')).toContain('application/x-ndjson');
  expect(await response.text()).toBe('{"text":"one\\ntwo"}\n{"done":true}\n');
});

test('a reader that goes away aborts the signal, and nothing more is made', async () => {
  let made = 0;
  let signal: AbortSignal | null = null;
  let returned = false;
  const response = ndjsonResponse(async function* (given) {
    signal = given;
    try {
      for (;;) yield ++made;
    } finally {
      returned = true;
    }
  });
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  expect((signal as AbortSignal | null)?.aborted).toBe(true);
  await expect.poll(() => returned).toBe(true);
  const before = made;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made).toBe(before);
  expect(before).toBeLessThan(5);
});

test('a failure of the source fails the reader', async () => {
  const response = ndjsonResponse(async function* () {
    yield 1;
    throw new Error('broken');
  });
  await expect(response.text()).rejects.toThrow('broken');
});
