// Tensors in and out of files: blocks against those that llama.cpp itself wrote (test/fixtures/training/record-quants.py),
// safetensors against their specification and against files that break it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGgufHeader } from '../gguf.ts';
import { writeGguf } from '../gguf-write.ts';
import { blockType } from './dequantise.ts';
import { readTensorRows } from './gguf-tensors.ts';
import { floatToHalf, halfToFloat } from './half.ts';
import { blockWriters, quantise, type WritableType } from './quantise.ts';
import { readSafetensor, readSafetensorsHeader, writeSafetensors } from './safetensors.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/training/quants.json', import.meta.url), 'utf8'),
) as { values: string; types: Record<string, { type: number; blocks: string; read: string }> };
const recorded = Buffer.from(fixture.values, 'base64');
const values = new Float32Array(new Uint8Array(recorded).buffer);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-tensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('blocks', () => {
  test.each(Object.entries(fixture.types))(
    '%s is read as llama.cpp reads it',
    (name, { type, blocks, read }) => {
      const bytes = Buffer.from(blocks, 'base64');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const reader = blockType(type)!;
      expect(reader.name).toBe(name);
      const out = new Float32Array(values.length);
      for (let block = 0; block < bytes.length / reader.bytes; block++)
        reader.read(view, block * reader.bytes, out, block * reader.elements);
      expect(createHash('sha256').update(new Uint8Array(out.buffer)).digest('hex')).toBe(read);
    },
  );

  const written = Object.keys(blockWriters).filter((name): name is WritableType => name in fixture.types);
  test.each(written)('%s is written with the bytes of llama.cpp', (name) => {
    expect(
      Buffer.from(quantise(name, values)).equals(Buffer.from(fixture.types[name]!.blocks, 'base64')),
    ).toBe(true);
  });

  test('every half but the odd nothings comes back from 32 bits, and ties go to even', () => {
    for (let half = 0; half < 65_536; half++) {
      if (Number.isNaN(halfToFloat(half))) continue;
      if (floatToHalf(halfToFloat(half)) !== half)
        expect.fail(`${half} became ${floatToHalf(halfToFloat(half))}`);
    }
    expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(floatToHalf(65_519)).toBe(0x7bff);
    expect(floatToHalf(65_520)).toBe(0x7c00);
  });

  test('rows of a tensor come in whole groups, whatever their type', async () => {
    const path = join(folder, 'rows.gguf');
    const types = ['F32', 'Q8_0', 'Q4_K'] as const;
    await writeGguf(
      path,
      [{ key: 'general.architecture', type: 'string', value: 'llama' }],
      types.map((type) => ({
        name: type,
        dimensions: [256, 8],
        type: blockWriters[type].type,
        bytes: () => [quantise(type, values)],
      })),
    );
    const file = await open(path);
    for (const tensor of (await readGgufHeader(path)).tensors) {
      const rows: number[] = [];
      const all: number[] = [];
      for await (const { row, values: some } of readTensorRows(file, tensor, { group: 2, atOnce: 1 })) {
        rows.push(row);
        all.push(...some);
      }
      expect(rows).toEqual([0, 2, 4, 6]);
      expect(all).toHaveLength(2048);
      if (tensor.name === 'F32') expect(all).toEqual([...values]);
      await expect(readTensorRows(file, tensor, { group: 3 }).next()).rejects.toThrow('8 rows of 256');
      await expect(readTensorRows(file, { ...tensor, type: 10 }).next()).rejects.toThrow(
        `Tensor ${tensor.name} has the type Q2_K; these can be read: F32, F16`,
      );
    }
    await file.close();
  });
});

describe('safetensors', () => {
  test('what is written is read again, and lies where other readers expect it', async () => {
    const path = join(folder, 'whole.safetensors');
    await writeSafetensors(
      path,
      [
        { name: 'é', shape: [2, 3], values: () => [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)] },
        { name: 'b', shape: [1], values: () => [Float32Array.of(-0.5)] },
      ],
      { base: 'x' },
    );
    const header = await readSafetensorsHeader(path);
    expect(header.metadata).toEqual({ format: 'pt', base: 'x' });
    expect(header.tensors.get('é')).toMatchObject({ type: 'F32', shape: [2, 3], elements: 6 });
    expect((header.tensors.get('é')?.start ?? 1) % 8).toBe(0);
    const file = await open(path);
    expect([...(await readSafetensor(file, header, 'é'))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await readSafetensor(file, header, 'b'))]).toEqual([-0.5]);
    await expect(readSafetensor(file, header, 'c')).rejects.toThrow('holds no tensor c');
    await expect(readSafetensor(file, header, 'b', new Float32Array(2))).rejects.toThrow(
      '1 numbers instead of 2',
    );
    await file.close();
    await expect(
      writeSafetensors(path, [{ name: 'a', shape: [2], values: () => [Float32Array.of(1)] }]),
    ).rejects.toThrow('tensor a came with 4 bytes instead of 8');
  });

  test('16 bits are read as 32', async () => {
    const path = join(folder, 'half.safetensors');
    const bytes = Buffer.alloc(8);
    for (const [at, word] of [0x3c00, 0xc000, 0x3f80, 0xc000].entries()) bytes.writeUInt16LE(word, at * 2);
    await writeFile(
      path,
      safetensors(
        {
          half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
          brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
        },
        bytes,
      ),
    );
    const header = await readSafetensorsHeader(path);
    const file = await open(path);
    expect([...(await readSafetensor(file, header, 'half'))]).toEqual([1, -2]);
    expect([...(await readSafetensor(file, header, 'brain'))]).toEqual([1, -2]);
    await file.close();
  });

  const tensor = (more: object) => ({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...more } });
  test.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /it has 0 bytes/],
    [
      'a header longer than the file',
      Buffer.from([255, 255, 255, 255, 0, 0, 0, 0, 1]),
      /its header would have 4294967295 bytes/,
    ],
    [
      'a header of 2^63 bytes',
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 128, 1]),
      /its header would have 9223372036854775808 bytes/,
    ],
    ['text', Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('hi')]), /no JSON object/],
    ['an unknown type', safetensors(tensor({ dtype: 'F4' }), Buffer.alloc(8)), /a has the type F4/],
    [
      'a type that every object has',
      safetensors(tensor({ dtype: 'constructor' }), Buffer.alloc(8)),
      /type constructor/,
    ],
    ['a negative shape', safetensors(tensor({ shape: [-2] }), Buffer.alloc(8)), /has the shape \[-2\]/],
    [
      'a place beyond the end',
      safetensors(tensor({ data_offsets: [8, 16] }), Buffer.alloc(8)),
      /ends at byte/,
    ],
    [
      'a place that ends before it begins',
      safetensors(tensor({ data_offsets: [8, 0] }), Buffer.alloc(8)),
      /ends at byte/,
    ],
    [
      'a shape that is not its bytes',
      safetensors(tensor({ shape: [3] }), Buffer.alloc(8)),
      /8 bytes instead of 12/,
    ],
    [
      'two tensors in one place',
      safetensors({ ...tensor({}), b: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, Buffer.alloc(8)),
      /b overlaps/,
    ],
    ['no tensor at all', safetensors({ a: null }, Buffer.alloc(8)), /a has the type undefined/],
  ])('%s is refused with the reason', async (_what, bytes, reason) => {
    const path = join(folder, 'broken.safetensors');
    await writeFile(path, bytes);
    await expect(readSafetensorsHeader(path)).rejects.toThrow(reason);
  });
});

function safetensors(header: object, data: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([lead, text, data]);
}
