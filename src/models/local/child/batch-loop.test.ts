import { describe, expect, test } from 'vitest';
import type { GenerateSpec, GenerationEvent } from '../engine-protocol.ts';
import type { BatchBackend, BatchPart } from './backend.ts';
import { createBatchLoop } from './batch-loop.ts';
import { sharePrompts } from './batch-plan.ts';
import { chooseSlot } from './slots.ts';

const END = 0;
const spec: GenerateSpec = {
  prompt: { kind: 'text', text: '' },
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repeatPenalty: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
    seed: 1,
    logitBias: [],
  },
  maxOutputTokens: null,
  stop: [],
  grammar: null,
  topLogprobs: null,
  echo: false,
  showControlTokens: false,
};
const range = (length: number, from = 1) => Array.from({ length }, (_, i) => from + i);

/** A model that writes `letters` letters and ends; it records every batch and checks positions. */
function bench(options: {
  sequences: number;
  letters?: number;
  onBatch?: (batch: readonly BatchPart[]) => void;
}) {
  const batches: BatchPart[][] = [];
  const held = new Map<number, number>();
  const events = new Map<number, GenerationEvent[]>();
  const waiters = new Map<number, () => void>();
  const backend: BatchBackend = {
    async decode(parts) {
      batches.push([...parts]);
      options.onBatch?.(parts);
      for (const part of parts) {
        expect(part.position).toBe(held.get(part.sequence) ?? 0);
        held.set(part.sequence, part.position + part.tokens.length);
      }
      await new Promise((resolve) => setImmediate(resolve));
      return parts.map((part) =>
        part.want === 'none' ? [] : part.want === 'last' ? [0] : part.tokens.map((_, i) => i),
      );
    },
    keep(sequence, length) {
      held.set(sequence, length);
      return length;
    },
    async createPicker() {
      let left = options.letters ?? 3;
      return { pick: async () => (left-- > 0 ? 97 : END), dispose() {} };
    },
    logprob: async (_at, token) => ({
      token: String(token),
      tokenId: token,
      logprob: -1,
      bytes: null,
      top: [],
    }),
    score: async () => ({ logProbability: -1, top: [] }),
    isEnd: (token) => token === END,
  };
  const loop = createBatchLoop({
    backend,
    bytes: { of: (token) => Uint8Array.of(token) },
    sequences: options.sequences,
    emit: (batch) => {
      for (const { id, event } of batch) {
        events.set(id, [...(events.get(id) ?? []), event]);
        if (event.type === 'finish' || event.type === 'error') waiters.get(id)?.();
      }
    },
  });
  return {
    loop,
    batches,
    events: (id: number) => events.get(id) ?? [],
    ask(
      id: number,
      prompt: number[],
      more: Partial<GenerateSpec> = {},
      maxOutputTokens = 100,
    ): Promise<void> {
      const done = new Promise<void>((resolve) => waiters.set(id, resolve));
      loop.add({
        id,
        prompt,
        ownFrom: 0,
        spec: { ...spec, ...more },
        maxOutputTokens,
        trimLeadingSpace: false,
      });
      return done;
    },
    text: (id: number) =>
      (events.get(id) ?? []).flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join(''),
    finish: (id: number) => (events.get(id) ?? []).find((event) => event.type === 'finish'),
  };
}

test('an answer is read, written and counted', async () => {
  const { ask, text, finish } = bench({ sequences: 1 });
  await ask(1, range(100));
  expect(text(1)).toBe('aaa');
  expect(finish(1)).toMatchObject({
    reason: 'end',
    usage: { promptTokens: 100, cachedTokens: 0, outputTokens: 3 },
  });
});

test('no batch has more than 64 tokens, and a long prompt does not hold up a stream', async () => {
  const { ask, batches } = bench({ sequences: 2, letters: 40 });
  const first = ask(1, range(5));
  await ask(2, range(1000, 2000));
  await first;
  const sizes = batches.map((batch) => batch.reduce((sum, part) => sum + part.tokens.length, 0));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(64);
  const reading = batches.filter((batch) => batch.some((part) => part.tokens.length > 10));
  expect(reading.length).toBeGreaterThan(14);
  expect(reading.every((batch) => batch.some((part) => part.sequence === 0))).toBe(true);
});

test('who waits is told the place, moves up in order, and is served in order', async () => {
  const started: number[] = [];
  const { ask, events } = bench({
    sequences: 1,
    onBatch: (batch) => {
      const owner = Math.floor((batch[0]?.tokens[0] ?? 0) / 1000);
      if (owner > 0 && started.at(-1) !== owner) started.push(owner);
    },
  });
  await Promise.all([ask(1, range(3, 1000)), ask(2, range(3, 2000)), ask(3, range(3, 3000))]);
  expect(started).toEqual([1, 2, 3]);
  const places = events(3).flatMap((event) => (event.type === 'queued' ? [event.place] : []));
  expect(places.at(-1)).toBe(1);
  expect(places).toEqual([...places].sort((a, b) => b - a));
});

test('a cancel while waiting lets the others move up', async () => {
  const { ask, loop, finish, text } = bench({ sequences: 1 });
  const first = ask(1, range(3));
  const second = ask(2, range(3, 50));
  const third = ask(3, range(3, 90));
  loop.cancel(2);
  await Promise.all([first, second, third]);
  expect(finish(2)).toMatchObject({ reason: 'cancelled', usage: { outputTokens: 0 } });
  expect(text(3)).toBe('aaa');
});

test('a cancel while reading takes effect after the batch that is under way', async () => {
  let batches = 0;
  const bench1 = bench({
    sequences: 1,
    onBatch: () => {
      if (++batches === 3) bench1.loop.cancel(1);
    },
  });
  await bench1.ask(1, range(1000));
  expect(batches).toBe(3);
  expect(bench1.finish(1)).toMatchObject({ reason: 'cancelled' });
});

test('a cancel while writing takes effect within one token', async () => {
  let batches = 0;
  const one = bench({
    sequences: 1,
    letters: 1000,
    onBatch: () => {
      if (++batches === 10) one.loop.cancel(1);
    },
  });
  await one.ask(1, range(3), {}, 1000);
  expect(batches).toBe(10);
});

test('the second turn of a conversation reads only what is new', async () => {
  const { ask, finish } = bench({ sequences: 2 });
  await ask(1, range(500));
  await ask(2, [...range(500), 97, 97, 97, ...range(20, 800)]);
  // The last letter was chosen but never read.
  expect(finish(2)).toMatchObject({ usage: { promptTokens: 523, cachedTokens: 503 } });
});

test('a whole prompt that is known already is still answered', async () => {
  const { ask, finish, text } = bench({ sequences: 1 });
  await ask(1, range(50));
  await ask(2, range(50));
  expect(finish(2)).toMatchObject({ usage: { cachedTokens: 49 } });
  expect(text(2)).toBe('aaa');
});

test('the limit on tokens ends an answer', async () => {
  const { ask, finish, text } = bench({ sequences: 1, letters: 50 });
  await ask(1, range(3), {}, 2);
  expect(text(1)).toBe('aa');
  expect(finish(1)).toMatchObject({ reason: 'length' });
});

test('a batch that fails ends its answers with an error, and the next is answered', async () => {
  let fail = true;
  const one = bench({
    sequences: 2,
    onBatch: () => {
      if (fail) throw new Error('out of slots');
    },
  });
  await one.ask(1, range(3));
  expect(one.events(1).at(-1)).toMatchObject({ type: 'error', error: { message: 'out of slots' } });
  fail = false;
  await one.ask(2, range(3));
  expect(one.text(2)).toBe('aaa');
});

test('echo gives every prompt token, and the log-probability of each but the first', async () => {
  const { ask, events } = bench({ sequences: 1 });
  await ask(1, range(100), { echo: true, topLogprobs: 0 });
  const echoed = events(1).find((event) => event.type === 'prompt-logprobs');
  expect(echoed?.tokens.map((entry) => entry.tokenId)).toEqual(range(100));
  expect(echoed?.tokens.map((entry) => entry.logprob)).toEqual([null, ...range(99).fill(-1)]);
});

test('a prompt can be scored without writing a word', async () => {
  const { ask, events, finish } = bench({ sequences: 1 });
  const ended = bench({ sequences: 1, letters: 0 });
  await ended.ask(1, range(10), { echo: true, topLogprobs: 0 }, 1);
  // The end is the one token that was written: a harness leaves out the last entry.
  expect(ended.events(1)).toContainEqual(
    expect.objectContaining({
      type: 'delta',
      text: '',
      logprobs: [expect.objectContaining({ tokenId: END })],
    }),
  );
  await ask(1, range(10), { echo: true, topLogprobs: 0 }, 0);
  expect(events(1).some((event) => event.type === 'prompt-logprobs')).toBe(true);
  expect(finish(1)).toMatchObject({ reason: 'length', usage: { outputTokens: 0 } });
});

describe('sharing a batch between readers', () => {
  test.each([
    [[1000, 1000], 0, 0, [32, 32]],
    [[10, 1000], 4, 0, [10, 50]],
    [[1000], 64, 0, [0]],
    [[5, 5, 5], 0, 0, [5, 5, 5]],
    [[9, 9, 9], 62, 1, [0, 1, 1]],
  ])('%j with %i writers', (remaining, writers, first, expected) => {
    expect(sharePrompts(remaining, writers, first)).toEqual(expected);
  });
});

describe('choosing a sequence', () => {
  const slot = (sequence: number, tokens: number[], lastUsed: number, busy = false) => ({
    sequence,
    tokens,
    lastUsed,
    busy,
  });

  test('the one that knows most of the prompt', () => {
    expect(chooseSlot([slot(0, range(10), 1), slot(1, range(20), 2)], range(30))?.sequence).toBe(1);
  });

  test('a short common beginning does not cost another conversation its memory', () => {
    const other = [...range(10), ...range(200, 900)];
    expect(chooseSlot([slot(0, other, 5), slot(1, [], 1)], [...range(10), 7, 7])?.sequence).toBe(1);
  });

  test('the one used longest ago when none knows it; none when all are busy', () => {
    expect(chooseSlot([slot(0, [9], 5), slot(1, [8], 3)], range(5))?.sequence).toBe(1);
    expect(chooseSlot([slot(0, range(5), 5, true)], range(5))).toBeNull();
  });
});
