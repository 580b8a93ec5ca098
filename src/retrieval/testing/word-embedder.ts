// An embedder without a model, for tests: a text's vector counts its words. Alike are texts that share words.
import { createHash } from 'node:crypto';
import { AtelierError } from '../../contracts/errors.ts';
import type { Embedder } from '../embedder.ts';

export interface WordEmbedder extends Embedder {
  /** Texts of passages that were embedded so far. */
  embedded: string[];
  /** False: the model cannot be had. */
  here: boolean;
}

export function createWordEmbedder({ delayMs = 0 }: { delayMs?: number } = {}): WordEmbedder {
  const embedder: WordEmbedder = {
    model: 'local/words',
    embedded: [],
    here: true,
    async ready() {
      if (embedder.here) return { dimensions: DIMENSIONS };
      throw new AtelierError('download_failed', 'No source could deliver the model.', { retryable: true });
    },
    available: async () => embedder.here,
    async embed(texts, kind, { signal }) {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        signal?.throwIfAborted();
        if (kind === 'passage') embedder.embedded.push(text);
        vectors.push(wordVector(text));
      }
      return vectors;
    },
    countTokens: async (texts) => texts.map((text) => wordsOf(text).length),
  };
  return embedder;
}

const DIMENSIONS = 64;
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function wordVector(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const word of wordsOf(text)) {
    const at = (createHash('md5').update(word).digest()[0] ?? 0) % DIMENSIONS;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((x) => x / length);
}
