// Says whether two model files read text as the same tokens: a hash over the vocabulary, its rules and the template.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { GgufHeader } from '../../lib/gguf.ts';

/** Over the bytes of every `tokenizer.` entry, in the order of their names. */
export async function tokenizerFingerprint(path: string, header: GgufHeader): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const keys = [...header.spans.keys()].filter((key) => key.startsWith('tokenizer.')).sort();
    for (const key of keys) {
      const { start, end } = header.spans.get(key) ?? { start: 0, end: 0 };
      const bytes = Buffer.alloc(end - start);
      await file.read(bytes, 0, bytes.length, start);
      hash.update(bytes);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
