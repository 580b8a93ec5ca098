// An accelerator is looked for once, only where there may be one, and a software driver is none.
import { expect, test } from 'vitest';
import { silentLog } from '../../lib/log.ts';
import { type AcceleratorOptions, createAcceleratorFinder } from './find-accelerator.ts';

function finder(options: Partial<AcceleratorOptions> = {}) {
  const kept = new Map<string, unknown>();
  const measurements = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
  };
  let asked = 0;
  let time = 0;
  const create = (more: Partial<AcceleratorOptions> = {}) =>
    createAcceleratorFinder({
      gpu: 'auto',
      measurements,
      log: silentLog,
      possible: () => true,
      devices: async () => {
        asked += 1;
        return ['Card 9000'];
      },
      now: () => time,
      ...options,
      ...more,
    });
  return { create, asked: () => asked, pass: (ms: number) => (time += ms) };
}

test('a card is found once a day, also over a restart', async () => {
  const { create, asked, pass } = finder();
  const find = create();
  expect(await Promise.all([find(), find()])).toEqual([true, true]);
  expect(await create()()).toBe(true);
  expect(asked()).toBe(1);
  pass(25 * 3_600_000);
  expect(await find()).toBe(true);
  expect(asked()).toBe(2);
});

test('nothing is asked where the processor was chosen or no card can be', async () => {
  const { create, asked } = finder();
  expect(await create({ gpu: 'cpu' })()).toBe(false);
  expect(await create({ possible: () => false })()).toBe(false);
  expect(asked()).toBe(0);
});

test('a software driver is no accelerator, and a probe that fails is none', async () => {
  const { create } = finder();
  expect(await create({ devices: async () => ['llvmpipe (LLVM 15.0.7, 256 bits)'] })()).toBe(false);
  const broken = finder().create({ devices: () => Promise.reject(new Error('no driver')) });
  expect(await broken()).toBe(false);
});

test('the child that asks llama.cpp answers', async () => {
  const real = createAcceleratorFinder({
    gpu: 'auto',
    measurements: { get: async () => undefined, set: async () => {} },
    log: { ...silentLog, warn: (message, data) => expect.fail(`${message} ${JSON.stringify(data)}`) },
    possible: () => true,
  });
  expect(typeof (await real())).toBe('boolean');
});
