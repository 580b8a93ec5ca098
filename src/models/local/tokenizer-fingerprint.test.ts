import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readGgufHeader } from '../../lib/gguf.ts';
import { tokenizerFingerprint } from './tokenizer-fingerprint.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);

test('a copy of a model has its fingerprint; with one letter of one piece changed it has another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-fingerprint-'));
  const copy = join(folder, 'copy.gguf');
  await copyFile(stories, copy);
  const header = await readGgufHeader(copy);
  const of = async (path: string) => tokenizerFingerprint(path, header);
  const own = await of(stories);
  expect(own).toMatch(/^[0-9a-f]{64}$/);
  expect(await of(copy)).toBe(own);
  const file = await open(copy, 'r+');
  // The weights and the model's name are no part of it.
  await file.write('X', header.fileBytes - 1);
  await file.write('X', (header.spans.get('general.name')?.end ?? 0) - 1);
  expect(await of(copy)).toBe(own);
  await file.write('X', (header.spans.get('tokenizer.ggml.tokens')?.end ?? 0) - 1);
  await file.close();
  expect(await of(copy)).not.toBe(own);
  await rm(folder, { recursive: true });
});
