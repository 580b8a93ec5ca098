// One project a kind of test, so that the quick ones run alone and each kind may be skipped with a reason.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const slow = [
  '**/*.model.test.ts',
  '**/*.browser.test.ts',
  '**/*.postgres.test.ts',
  '**/*.client.test.ts',
  '**/*.start.test.ts',
];
const common = { environment: 'node', exclude: ['**/node_modules/**', 'dist/**'] } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...common.exclude, ...slow],
          testTimeout: 20_000,
          // Two cores would get one worker, which waits for disks and timers half of the time.
          maxWorkers: Math.max(2, availableParallelism() - 1),
        },
      },
      {
        test: {
          ...common,
          name: 'model',
          include: ['**/*.model.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'postgres',
          include: ['**/*.postgres.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'client',
          include: ['**/*.client.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['**/*.browser.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'start',
          include: ['**/*.start.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
