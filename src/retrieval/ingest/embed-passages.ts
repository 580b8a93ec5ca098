// The vectors of a document's passages: what is stored already is taken over, the rest goes to the model in batches.
import type { Chunk } from '../../contracts/chunk.ts';
import type { EmbedContext, Embedder } from '../embedder.ts';
import { mixVectors, textsToEmbed } from '../index/passage-vector.ts';
import type { IndexedPassage, PassageIndex } from '../passage-index.ts';

/** Texts of one call: one span in the ledger, and what a cancel waits for at most. */
const BATCH = 32;

export interface EmbedPassagesOptions {
  index: PassageIndex;
  embedder: Embedder;
  context: EmbedContext;
}

export async function embedPassages(
  collectionId: string,
  chunks: readonly Chunk[],
  { index, embedder, context }: EmbedPassagesOptions,
): Promise<{ passages: IndexedPassage[]; embedded: number }> {
  const hashes = [...new Set(chunks.map((chunk) => chunk.hash))];
  const vectors = new Map(await index.vectorsByHash(collectionId, hashes));
  const missing = new Map(
    chunks.filter(({ hash }) => !vectors.has(hash)).map((chunk) => [chunk.hash, chunk]),
  );
  // A title that many passages stand under is embedded once.
  const texts = [...new Set([...missing.values()].flatMap(textsToEmbed))];
  const made = new Map<string, Float32Array>();
  // One call at a time: other documents are on their way beside this one, and a question waits behind every call.
  for (let at = 0; at < texts.length; at += BATCH) {
    context.signal?.throwIfAborted();
    const batch = texts.slice(at, at + BATCH);
    const embedded = await embedder.embed(batch, 'passage', context);
    batch.forEach((text, index) => {
      const vector = embedded[index];
      if (vector) made.set(text, vector);
    });
  }
  for (const [hash, chunk] of missing) {
    const [text, where] = textsToEmbed(chunk);
    const vector = made.get(text);
    if (vector) vectors.set(hash, mixVectors(vector, where === undefined ? undefined : made.get(where)));
  }
  return {
    passages: chunks.map((chunk) => ({ chunk, vector: vectors.get(chunk.hash) ?? null })),
    embedded: missing.size,
  };
}
