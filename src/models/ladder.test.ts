// The catalogue is sound, and `auto` picks from it what a machine can bear.
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { climb, fitOf, memoryWarning, neededMemory } from './ladder.ts';
import { type Machine, usableMemory } from './machine.ts';

const GB = 1e9;
const catalogue = loadCatalogue();
const machine = (more: Partial<Machine>): Machine => ({
  memoryBytes: 8 * GB,
  cores: 2,
  accelerated: false,
  freeDiskBytes: 100 * GB,
  ...more,
});

describe('the catalogue', () => {
  test('pins what comes in wheels, and has the models that a bare machine needs', () => {
    const wheels = catalogue.flatMap((entry) => entry.sources.filter((source) => source.type === 'wheel'));
    expect(wheels.map(({ packages }) => packages.length).sort((a, b) => a - b)).toEqual([1, 1, 22]);
    expect(wheels.every(({ sha256, sizeBytes }) => sha256 !== null && sizeBytes !== null)).toBe(true);
  });

  test('with faults is refused, and every fault is named', () => {
    const [first] = catalogue;
    const bad = {
      ...first,
      id: 'Bad Id',
      sources: [{ type: 'wheel', packages: ['loose'], members: ['a', 'b'] }],
    };
    expect(() => loadCatalogue([bad, bad])).toThrow(/Bad Id.*package needs its member.*same id/s);
    expect(() =>
      loadCatalogue([{ ...first, sources: [{ type: 'hub', repo: 'a/b', file: '../x.gguf' }] }]),
    ).toThrow('refused');
    expect(() => loadCatalogue([{ ...first, kind: 'video' }])).toThrow('kind');
  });
});

describe('auto', () => {
  test('without an accelerator stays at 4 billion parameters, and goes down from there', () => {
    const { rungs, reason } = climb(catalogue, machine({ memoryBytes: 64 * GB }));
    expect(rungs[0]?.id).toBe('qwen3-4b-instruct-2507');
    expect(rungs.every((entry) => entry.parameters <= 4.2 * GB && entry.kind === 'chat')).toBe(true);
    expect(rungs.map((entry) => entry.id)).toContain('qwen2.5-coder-1.5b-instruct');
    expect(rungs.at(-1)?.id).toBe('smollm2-135m-instruct');
    expect(reason).toContain('64.0 GB');
    expect(reason).toContain('no accelerator');
  });

  test('with an accelerator takes a larger one', () => {
    expect(climb(catalogue, machine({ memoryBytes: 16 * GB, accelerated: true })).rungs[0]?.id).toBe(
      'qwen3-8b',
    );
  });

  test('little memory means a small model', () => {
    expect(climb(catalogue, machine({ memoryBytes: 2 * GB })).rungs[0]?.id).toBe(
      'qwen2.5-coder-1.5b-instruct',
    );
  });

  test('where nothing fits, the smallest is tried and the reason says so', () => {
    const { rungs, reason } = climb(catalogue, machine({ memoryBytes: 0.1 * GB }));
    expect(rungs.map((entry) => entry.id)).toEqual(['smollm2-135m-instruct']);
    expect(reason).toContain('No model of the catalogue fits');
  });
});

describe('fit', () => {
  const small = catalogue.find((entry) => entry.id === 'qwen2.5-coder-1.5b-instruct')!;
  const large = catalogue.find((entry) => entry.id === 'qwen3-8b')!;
  test('says what is missing, with both figures', () => {
    expect(fitOf(small, machine({}), false)).toMatchObject({ fits: true, reason: 'ok' });
    expect(fitOf(small, machine({ memoryBytes: GB }), false)).toEqual({
      fits: false,
      reason: 'memory',
      neededBytes: neededMemory(small),
      availableBytes: GB,
    });
    expect(fitOf(small, machine({ freeDiskBytes: GB }), false)).toMatchObject({
      reason: 'disk',
      availableBytes: GB,
    });
    expect(fitOf(small, machine({ freeDiskBytes: 0 }), true)).toMatchObject({ fits: true });
    expect(fitOf(large, machine({ memoryBytes: 32 * GB }), false)).toMatchObject({
      fits: false,
      reason: 'compute',
    });
  });

  test('a model beyond the memory may be had with a warning that has both figures', () => {
    expect(memoryWarning('Large', 9e9, machine({}))).toMatchObject({
      code: 'insufficient_memory',
      data: { neededBytes: 9e9, availableBytes: 8e9 },
    });
    expect(memoryWarning('Small', 1e9, machine({}))).toBeNull();
  });

  test.each([
    ['a container’s limit counts', 32 * GB, 4 * GB, 30 * GB, 2.4 * GB],
    ['no limit', 10 * GB, 0, 9 * GB, 6 * GB],
    ['a limit beyond the total', 10 * GB, 2 ** 60, 9 * GB, 6 * GB],
    ['a machine that is busy', 10 * GB, 0, 2 * GB, 1.8 * GB],
    ['a system whose figure says nothing', 10 * GB, 0, null, 6 * GB],
  ])('%s', (_name, total, limit, available, expected) => {
    expect(usableMemory(total, limit, available)).toBe(Math.floor(expected));
  });
});
