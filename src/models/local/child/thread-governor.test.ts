import { expect, test } from 'vitest';
import { createThreadGovernor } from './thread-governor.ts';

/** A machine on which a batch takes as long as `cost` says; time passes only by batches. */
function machine(best: number, cost: (threads: number, at: number) => number, compareFirst = false) {
  let at = 0;
  const governor = createThreadGovernor({ best, compareFirst, now: () => at });
  const used: number[] = [];
  return {
    run(batches: number, tokens = 1): number[] {
      used.length = 0;
      for (let i = 0; i < batches; i++) {
        const threads = governor.begin();
        used.push(threads);
        const ms = cost(threads, at);
        at += ms;
        governor.took(tokens, ms);
      }
      return [...used];
    },
    at: () => at,
    pause: (ms: number) => {
      at += ms;
    },
  };
}

const quiet = (threads: number) => 80 / threads;
const busy = (threads: number) => (threads === 1 ? 100 : 800);

test('a quiet machine keeps the best number, without ever trying another', () => {
  expect(new Set(machine(2, quiet).run(500))).toEqual(new Set([2]));
});

test('a long context that slows every batch down costs one comparison now and then', () => {
  let grown = 1;
  const used = machine(2, (threads) => {
    grown += 0.002;
    return quiet(threads) * grown;
  }).run(2000);
  expect(used.filter((threads) => threads === 1).length).toBeLessThan(20);
  expect(used.at(-1)).toBe(2);
});

test('when other programs take the cores, half the threads take over within a few tokens', () => {
  const from = 5000;
  const one = machine(2, (threads, at) => (at < from ? quiet(threads) : busy(threads)));
  while (one.at() < from) one.run(1);
  const used = one.run(100);
  expect(used.slice(0, 12)).toContain(1);
  expect(used.filter((threads) => threads === 2).length).toBeLessThan(60);
});

test('when they are done, the best number comes back', () => {
  const one = machine(2, (threads, at) => (at > 1000 && at < 20_000 ? busy(threads) : quiet(threads)));
  one.run(600);
  expect(one.at()).toBeGreaterThan(30_000);
  expect(new Set(one.run(50))).toEqual(new Set([2]));
});

test('a machine that is busy from the start is noticed when the number was measured another time', () => {
  expect(machine(2, busy, true).run(12).at(-1)).toBe(1);
});

test('a hiccup is no slowdown', () => {
  let batch = 0;
  const one = machine(2, (threads) => quiet(threads) * (++batch % 10 < 2 ? 20 : 1));
  expect(new Set(one.run(300))).toEqual(new Set([2]));
});

test('after a pause the best number is tried again at once', () => {
  const one = machine(2, (threads, at) => (at < 60_000 ? busy(threads) : quiet(threads)), true);
  while (one.at() < 60_000) one.run(1);
  one.pause(5000);
  const used = one.run(30);
  expect(used[0]).toBe(2);
  expect(used.filter((threads) => threads === 1).length).toBeLessThan(6);
});

test('batches of changing size decide nothing', () => {
  const governor = createThreadGovernor({ best: 4, compareFirst: true });
  for (let i = 0; i < 50; i++) governor.took(1 + (i % 2), 1000 * Math.random());
  expect(governor.begin()).toBe(4);
});

test('one thread stays one thread', () => {
  expect(new Set(machine(1, busy).run(20))).toEqual(new Set([1]));
});
