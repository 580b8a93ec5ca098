// scripted/embed: vectors from hashed words (the hashing trick, Weinberger et al. 2009). The same text gives the same
// vector, and texts that share words lie closer together; it understands nothing.
import { createHash } from 'node:crypto';
import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { tokensOf } from './tokens.ts';

export const SCRIPTED_DIMENSIONS = 64;

export function hashVector(text: string, dimensions: number = SCRIPTED_DIMENSIONS): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const hash = createHash('sha256').update(word).digest();
    const at = hash.readUInt32BE(0) % dimensions;
    vector[at] = (vector[at] ?? 0) + (hash.readUInt8(4) % 2 === 0 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  if (length > 0) return vector.map((value) => value / length);
  // Words that cancelled each other out still need a direction.
  vector[0] = 1;
  return vector;
}

export function createScriptedEmbeddingModel(): EmbeddingModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: 'embed',
    maxEmbeddingsPerCall: 256,
    supportsParallelCalls: true,
    async doEmbed({ values, dimensions, abortSignal }) {
      abortSignal?.throwIfAborted();
      return {
        embeddings: values.map((value) => hashVector(value, dimensions)),
        usage: { tokens: values.reduce((sum, value) => sum + tokensOf(value).length, 0) },
        warnings: [],
      };
    },
  };
}
