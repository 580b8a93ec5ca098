// The conversion copies: a small model in the E5S1 layout becomes a GGUF whose tensors are the same bytes.
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGgufHeader } from '../../lib/gguf.ts';
import { ggufFacts } from '../../lib/gguf-facts.ts';
import { convertE5 } from './e5s1.ts';

const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-e5-'));
});
afterAll(() => rm(folder, { recursive: true }));

const int = (...values: number[]) => {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeInt32LE(value, 4 * index);
  return buffer;
};
const float = (...values: number[]) => Buffer.from(new Float32Array(values).buffer);
const long = (value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};

const hidden = 32;
const feedForward = 64;
const pieces = ['<s>', '<pad>', '</s>', '<unk>', '▁é', '<mask>'];
const vocabulary = 8;

function makeE5(): { file: Buffer; tensors: Map<string, Buffer> } {
  const layer = (name: string, ...shape: number[]): [string, number, number][] => [
    [`${name}.w`, shape.length > 1 ? 1 : 0, shape.reduce((a, b) => a * b)],
    [`${name}.b`, 0, shape.at(-1)!],
  ];
  const shapes: [string, number, number][] = [
    ['emb.word', 1, hidden * vocabulary],
    ['emb.pos', 0, hidden * 16],
    ['emb.type', 0, hidden * 2],
    ...layer('emb.ln', hidden),
    ...['q', 'k', 'v', 'ao'].flatMap((name) => layer(`l0.${name}`, hidden, hidden)),
    ...layer('l0.aln', hidden),
    ...layer('l0.fi', hidden, feedForward),
    ...layer('l0.fo', feedForward, hidden),
    ...layer('l0.oln', hidden),
  ];
  const blob = Buffer.from(pieces.join(''));
  const offsets = pieces.map((_, index) => Buffer.byteLength(pieces.slice(0, index).join('')));
  const map = randomBytes(10);
  const front = Buffer.concat([
    Buffer.from('E5S1'),
    int(1, hidden, 1, 4, feedForward, vocabulary, 16, 2),
    float(1e-12),
    int(32, pieces.length, 0, 2, 1, 3),
    long(blob.length),
    int(...offsets, blob.length),
    float(...pieces.map((_, index) => -index)),
    blob,
    int(3, map.length),
    map,
    int(shapes.length),
  ]);
  const directoryLength = shapes.reduce((sum, [name]) => sum + 2 + name.length + 21, 0);
  let at = front.length + directoryLength;
  const tensors = new Map<string, Buffer>();
  const directory = shapes.map(([name, type, elements]) => {
    const bytes = randomBytes(type === 1 ? (elements / 32) * 18 : elements * 4);
    tensors.set(name, bytes);
    const header = Buffer.alloc(2);
    header.writeUInt16LE(name.length);
    const entry = Buffer.concat([
      header,
      Buffer.from(name),
      Buffer.from([type]),
      int(elements),
      long(at),
      long(bytes.length),
    ]);
    at += bytes.length;
    return entry;
  });
  return { file: Buffer.concat([front, ...directory, ...tensors.values()]), tensors };
}

test('tensors are the same bytes under their new names, and the tokenizer is whole', async () => {
  const { file, tensors } = makeE5();
  const source = join(folder, 'model.bin');
  const target = join(folder, 'model.gguf');
  await writeFile(source, file);
  await convertE5(source, target, signal);

  const header = await readGgufHeader(target);
  expect(ggufFacts(header)).toMatchObject({
    architecture: 'bert',
    kind: 'embedding',
    contextLength: 16,
    embeddingLength: hidden,
    vocabularySize: vocabulary,
    quantization: 'Q4_0',
  });
  expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual([...pieces, '[PAD6]', '[PAD7]']);
  expect(header.metadata.get('tokenizer.ggml.token_type')).toEqual([3, 3, 3, 2, 1, 3, 5, 5]);
  expect(header.tensors).toHaveLength(tensors.size);
  const names: Record<string, string> = {
    'token_embd.weight': 'emb.word',
    'position_embd.weight': 'emb.pos',
    'token_embd_norm.bias': 'emb.ln.b',
    'blk.0.attn_output.weight': 'l0.ao.w',
    'blk.0.ffn_up.weight': 'l0.fi.w',
    'blk.0.ffn_down.bias': 'l0.fo.b',
    'blk.0.layer_output_norm.weight': 'l0.oln.w',
  };
  const handle = await open(target);
  for (const [to, from] of Object.entries(names)) {
    const tensor = header.tensors.find(({ name }) => name === to)!;
    const bytes = Buffer.alloc(tensor.bytes!);
    await handle.read(bytes, 0, bytes.length, tensor.offset);
    expect({ to, same: bytes.equals(tensors.get(from)!) }).toEqual({ to, same: true });
  }
  await handle.close();
});

test('another layout is refused and says what is wrong', async () => {
  const source = join(folder, 'odd.bin');
  const { file } = makeE5();
  await writeFile(source, 'GGUF....');
  await expect(convertE5(source, join(folder, 'x'), signal)).rejects.toMatchObject({
    code: 'download_corrupt',
  });
  await writeFile(source, file.subarray(0, 100));
  await expect(convertE5(source, join(folder, 'x'), signal)).rejects.toMatchObject({
    code: 'download_corrupt',
  });
  file.writeInt32LE(48, 8);
  await writeFile(source, file);
  await expect(convertE5(source, join(folder, 'x'), signal)).rejects.toThrow(
    /emb\.word has not 384 elements/,
  );
});
