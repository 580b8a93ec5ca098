import { expect, test } from 'vitest';
import { GLOW_MS, litBoxes, type SeenSpans, spanEnded, spanStarted, stillLit } from './lit-boxes.ts';

const start = (seen: SeenSpans, spanId: string, kind: string, now: number) =>
  spanStarted(seen, { traceId: 't', spanId, kind }, now);

test('each span lights its box, and monitoring with it', () => {
  let seen = start([], 'a', 'request', 0);
  seen = start(seen, 'b', 'agent', 1);
  seen = start(seen, 'c', 'tool', 2);
  expect(Object.keys(litBoxes(seen)).sort()).toEqual(['agent', 'api', 'monitoring', 'tools']);
  expect(litBoxes(seen).monitoring?.spanId).toBe('c');
});

test('a short step is seen for a moment, an open one stays lit', () => {
  let seen = start(start([], 'a', 'agent', 0), 'b', 'tool', 10);
  seen = spanEnded(seen, 'b', 12);
  expect(litBoxes(stillLit(seen, 12 + GLOW_MS - 1)).tools?.spanId).toBe('b');
  const later = stillLit(seen, 12 + GLOW_MS);
  expect(litBoxes(later).tools).toBeUndefined();
  expect(litBoxes(later).agent?.spanId).toBe('a');
  expect(stillLit(later, 2000)).toBe(later);
  expect(stillLit(later, 3_600_000)).toEqual([]);
});
