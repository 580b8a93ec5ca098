// What a damaged file of parameters leaves behind.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCheckpoints } from './checkpoints.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('best parameters that are damaged leave those of the last step as they are', async () => {
  const checkpoints = createCheckpoints(folder);
  await checkpoints.writeBest(3, Float32Array.of(1, 2, 3));
  const values = Float32Array.of(7, 8, 9);
  const [file = ''] = await readdir(folder);
  const bytes = await readFile(join(folder, file));
  bytes[bytes.length - 33]! ^= 1;
  await writeFile(join(folder, file), bytes);
  expect(await checkpoints.readBest(3, values)).toBe(false);
  expect([...values]).toEqual([7, 8, 9]);
  bytes[bytes.length - 33]! ^= 1;
  await writeFile(join(folder, file), bytes);
  expect(await checkpoints.readBest(3, values)).toBe(true);
  expect([...values]).toEqual([1, 2, 3]);
});
