// The vectors of a document's passages: what is stored already is taken over, the rest goes to the model in batches.
import type { Chunk } from '../../contracts/chunk.ts';
import { passageText } from '../../contracts/chunk.ts';
import type { EmbedContext, Embedder } from '../embedder.ts';
import type { IndexedPassage, PassageIndex } from '../passage-index.ts';

/** Texts of one call: one span in the ledger, and what a cancel waits for at most. */
const BATCH = 32;
/** Calls on their way at once, so that the model never waits for this process. */
const CALLS = 2;

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
    chunks.filter(({ hash }) => !vectors.has(hash)).map((chunk) => [chunk.hash, passageText(chunk)]),
  );
  const entries = [...missing];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < entries.length) {
      context.signal?.throwIfAborted();
      const batch = entries.slice(next, next + BATCH);
      next += BATCH;
      const made = await embedder.embed(
        batch.map(([, text]) => text),
        'passage',
        context,
      );
      batch.forEach(([hash], at) => {
        const vector = made[at];
        if (vector) vectors.set(hash, vector);
      });
    }
  }
  await Promise.all(Array.from({ length: CALLS }, lane));
  return {
    passages: chunks.map((chunk) => ({ chunk, vector: vectors.get(chunk.hash) ?? null })),
    embedded: entries.length,
  };
}
