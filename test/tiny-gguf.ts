// Small GGUF files for tests that need a whole and valid model file, and no model that answers.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GgufEntry, writeGguf } from '../src/lib/gguf-write.ts';

export interface TinyGguf {
  architecture?: string;
  name?: string;
  /** Bytes of the one tensor, a multiple of 4. */
  tensorBytes?: number;
  /** What the tensor is filled with, so that two files differ. */
  fill?: number;
  more?: readonly GgufEntry[];
}

export async function writeTinyGguf(path: string, options: TinyGguf = {}): Promise<void> {
  const { architecture = 'llama', name = 'Tiny', tensorBytes = 4096, fill = 7, more = [] } = options;
  const body = Buffer.alloc(tensorBytes, fill);
  await writeGguf(
    path,
    [
      { key: 'general.architecture', type: 'string', value: architecture },
      { key: 'general.name', type: 'string', value: name },
      { key: 'general.file_type', type: 'uint32', value: 0 },
      { key: `${architecture}.context_length`, type: 'uint32', value: 512 },
      { key: 'tokenizer.ggml.tokens', type: 'array', of: 'string', values: ['a', 'b', 'é'] },
      ...more,
    ],
    [{ name: 'token_embd.weight', dimensions: [tensorBytes / 4], type: 0, bytes: () => [body] }],
  );
}

export async function tinyGguf(options: TinyGguf = {}): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-gguf-'));
  try {
    await writeTinyGguf(join(folder, 'tiny.gguf'), options);
    return await readFile(join(folder, 'tiny.gguf'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
