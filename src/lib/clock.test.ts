// The clock tells the system's time, in microseconds that do not go back.
import { expect, test } from 'vitest';
import { createClock } from './clock.ts';

test('it agrees with Date and orders what happens within a millisecond', () => {
  const clock = createClock();
  const times = Array.from({ length: 1000 }, clock);
  expect(Math.abs(clock() / 1000 - Date.now())).toBeLessThan(5);
  expect(new Set(times).size).toBeGreaterThan(20);
  expect(Number.isInteger(times[0])).toBe(true);
});
