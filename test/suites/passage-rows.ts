// Rows that a test of the index needs: chunks, vectors, a collection, a document with its passages.
import { createHash } from 'node:crypto';
import { type Chunk, passageText } from '../../src/contracts/chunk.ts';
import type { Attributes } from '../../src/contracts/knowledge.ts';
import type { IndexedPassage, PassageIndex } from '../../src/retrieval/passage-index.ts';
import type { Store } from '../../src/store/store.ts';

export function chunkOf(text: string, more: Partial<Chunk> = {}): Chunk {
  const chunk = {
    text,
    start: 0,
    end: text.length,
    context: '',
    headings: [],
    header: null,
    tokens: 1,
    page: null,
    lastPage: null,
    boxes: [],
    ...more,
  };
  const hash = createHash('sha256').update(passageText(chunk)).digest('hex');
  return { id: hash.slice(0, 32), hash, ...chunk };
}

/** A unit vector of 8 dimensions that leans to one of them. */
export function leaning(to: number, ...also: [number, number][]): Float32Array {
  const vector = new Float32Array(8).fill(0.05);
  vector[to] = 1;
  for (const [at, value] of also) vector[at] = value;
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}

export async function addCollection(store: Store, id: string): Promise<void> {
  await store.write([
    store.db.insertInto('collections').values({
      id,
      user_id: 'local',
      name: id,
      description: '',
      embedding_model: 'local/test',
      dimensions: 8,
      attributes: '{}',
      created_at: 0,
      updated_at: 0,
      deleted_at: null,
    }),
  ]);
}

export interface AddedDocument {
  id: string;
  collectionId: string;
  title?: string;
  attributes?: Attributes;
}

export async function addDocument(
  { store, index }: { store: Store; index: PassageIndex },
  { id, collectionId, title = id, attributes = {} }: AddedDocument,
  passages: readonly IndexedPassage[],
): Promise<void> {
  await store.write([
    store.db
      .insertInto('documents')
      .values({
        id,
        collection_id: collectionId,
        user_id: 'local',
        path: `${id}.txt`,
        source: '{"kind":"upload"}',
        file_id: null,
        status: 'ready',
        error: null,
        warnings: '[]',
        kind: 'text',
        title,
        language: null,
        page_count: null,
        scan_pages: 0,
        passages: passages.length,
        size_bytes: 1,
        sha256: '0',
        parsed_sha256: null,
        attributes: JSON.stringify(attributes),
        created_at: 0,
        updated_at: 0,
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ attributes: JSON.stringify(attributes) }),
      ),
    ...index.replace({ id, collectionId, title }, passages),
  ]);
  await index.committed(id, collectionId);
}
