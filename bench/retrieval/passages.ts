// A set's documents as passages, through Atelier's own parser and chunker, and their vectors.
import type { Chunk } from '../../src/contracts/chunk.ts';
import { chunkDocument } from '../../src/retrieval/chunk/chunk-document.ts';
import { mixVectors, textsToEmbed } from '../../src/retrieval/index/passage-vector.ts';
import { parseDocument } from '../../src/retrieval/parse/parse-document.ts';
import type { Embeddings } from './embeddings.ts';
import type { RagSet } from './rag-sets.ts';

export interface SetPassage {
  documentId: string;
  title: string;
  chunk: Chunk;
}

export async function passagesOf(set: RagSet, { countTokens }: Embeddings): Promise<SetPassage[]> {
  const passages: SetPassage[] = [];
  for (const { id, title, text } of set.documents) {
    // Two abstracts of the source are empty; Atelier refuses an empty file.
    if (text.trim() === '') continue;
    const parsed = await parseDocument({ name: 'document.txt', bytes: Buffer.from(text) });
    const chunks = await chunkDocument({ ...parsed, title }, { countTokens });
    for (const chunk of chunks) passages.push({ documentId: id, title, chunk });
  }
  return passages;
}

/** As the ingest makes them: the passage mixed with its title and headings. */
export async function passageVectors(
  chunks: readonly Chunk[],
  { embed }: Pick<Embeddings, 'embed'>,
): Promise<Float32Array[]> {
  const texts = [...new Set(chunks.flatMap(textsToEmbed))];
  const made = await embed(texts.map((text) => `passage: ${text}`));
  const byText = new Map(texts.map((text, at) => [text, made[at]]));
  return chunks.map((chunk) => {
    const [text, label] = textsToEmbed(chunk);
    return mixVectors(
      byText.get(text) ?? new Float32Array(),
      label === undefined ? undefined : byText.get(label),
    );
  });
}
