// GGUF: what is written is read back, and a file that is no whole GGUF says why.
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyGguf, writeTinyGguf } from '../../test/tiny-gguf.ts';
import { type GgufFault, readGgufHeader } from './gguf.ts';
import { ggufFacts } from './gguf-facts.ts';
import { writeGguf } from './gguf-write.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-gguf-'));
});
afterAll(() => rm(folder, { recursive: true }));

const faultOf = async (
  path: string,
): Promise<{ fault: GgufFault; data: Record<string, unknown>; message: string }> =>
  readGgufHeader(path).then(
    () => expect.fail('the file was accepted'),
    (error) => error,
  );

describe('a whole file', () => {
  test('is read back as it was written', async () => {
    const path = join(folder, 'whole.gguf');
    await writeTinyGguf(path, {
      more: [
        { key: 'tokenizer.chat_template', type: 'string', value: '{{ messages }} é' },
        { key: 'x.int8', type: 'int8', value: -5 },
        { key: 'x.int64', type: 'int64', value: -5_000_000_000 },
        { key: 'x.float64', type: 'float64', value: 0.1 },
        { key: 'x.flag', type: 'bool', value: true },
        { key: 'x.scores', type: 'array', of: 'float32', values: [0.5, -1] },
      ],
    });
    const header = await readGgufHeader(path);
    expect(Object.fromEntries(header.metadata)).toMatchObject({
      'general.name': 'Tiny',
      'tokenizer.ggml.tokens': ['a', 'b', 'é'],
      'x.int8': -5,
      'x.int64': -5_000_000_000,
      'x.float64': 0.1,
      'x.flag': true,
      'x.scores': [0.5, -1],
    });
    expect(header).toMatchObject({ version: 3, expectedBytes: header.fileBytes });
    expect(ggufFacts(header)).toEqual({
      name: 'Tiny',
      architecture: 'llama',
      kind: 'chat',
      contextLength: 512,
      parameters: 1024,
      quantization: 'F32',
      embeddingLength: null,
      vocabularySize: 3,
      chatTemplate: '{{ messages }} é',
      licence: null,
    });
  });

  test('long arrays are counted and stepped over', async () => {
    const path = join(folder, 'long.gguf');
    const words = Array.from({ length: 200_000 }, (_, index) => `word${index}`);
    await writeTinyGguf(path, { more: [{ key: 'x.words', type: 'array', of: 'string', values: words }] });
    const header = await readGgufHeader(path);
    expect(header.metadata.get('x.words')).toEqual({ omitted: true, elementType: 8, length: 200_000 });
    const full = await readGgufHeader(path, { keepArraysUpTo: 1_000_000 });
    expect((full.metadata.get('x.words') as string[])[199_999]).toBe('word199999');
  });

  test.each([
    ['bert', [], 'embedding'],
    ['qwen3', [], 'chat'],
    ['qwen3', [{ key: 'qwen3.pooling_type', type: 'uint32', value: 3 }], 'embedding'],
    ['llama', [{ key: 'llama.attention.causal', type: 'bool', value: false }], 'embedding'],
  ] as const)('%s with %o is for %s', async (architecture, more, kind) => {
    const path = join(folder, 'kind.gguf');
    await writeTinyGguf(path, { architecture, more });
    expect(ggufFacts(await readGgufHeader(path)).kind).toBe(kind);
  });

  test('is not written with a tensor of the wrong length', async () => {
    const tensor = { name: 't', dimensions: [8], type: 0, bytes: () => [Buffer.alloc(31)] };
    await expect(writeGguf(join(folder, 'short.gguf'), [], [tensor])).rejects.toThrow(
      '31 bytes instead of 32',
    );
  });
});

describe('what is no whole GGUF', () => {
  test('a cut file names both sizes, wherever it is cut', async () => {
    const path = join(folder, 'cut.gguf');
    const whole = await tinyGguf();
    for (const length of [whole.length - 1, 200, 40, 10]) {
      await writeFile(path, whole.subarray(0, length));
      expect(await faultOf(path)).toMatchObject({ fault: 'cut_short', data: { fileBytes: length } });
    }
    await writeFile(path, whole.subarray(0, whole.length - 1));
    expect((await faultOf(path)).data).toMatchObject({
      expectedBytes: whole.length,
      fileBytes: whole.length - 1,
    });
    expect((await readGgufHeader(path, { allowCut: true })).expectedBytes).toBe(whole.length);
  });

  test('text, an empty file, another version, the other byte order', async () => {
    const path = join(folder, 'odd.gguf');
    await writeFile(path, 'hello there');
    expect((await faultOf(path)).fault).toBe('not_gguf');
    await writeFile(path, '');
    expect((await faultOf(path)).fault).toBe('not_gguf');
    const whole = await tinyGguf();
    whole.writeUInt32LE(9, 4);
    await writeFile(path, whole);
    expect(await faultOf(path)).toMatchObject({ fault: 'version', data: { version: 9 } });
    whole.writeUInt32BE(3, 4);
    await writeFile(path, whole);
    expect((await faultOf(path)).fault).toBe('byte_order');
  });

  test('absurd counts end at once and take no memory', async () => {
    const path = join(folder, 'absurd.gguf');
    for (const at of [8, 16, 24]) {
      const whole = await tinyGguf();
      whole.writeBigUInt64LE(2n ** 60n, at);
      await writeFile(path, whole);
      expect(['malformed', 'cut_short']).toContain((await faultOf(path)).fault);
    }
  });

  test('a hole in the middle of a large file is no crash', async () => {
    const path = join(folder, 'hole.gguf');
    await writeTinyGguf(path, { tensorBytes: 1 << 20 });
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(64, 0xff), 0, 64, 60);
    await file.close();
    await truncate(path, 1 << 20);
    expect((await faultOf(path)).message).toContain(path);
  });
});
