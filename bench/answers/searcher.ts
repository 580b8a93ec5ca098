// A set in Atelier's own index, searched as the knowledge service does, with documents left out for a question.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passageText } from '../../src/contracts/chunk.ts';
import type { SearchHit } from '../../src/contracts/knowledge.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createPassageIndex } from '../../src/retrieval/index/create-passage-index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { addCollection, addDocument } from '../../test/suites/passage-rows.ts';
import type { Embeddings } from '../retrieval/embeddings.ts';
import { passagesOf } from '../retrieval/passages.ts';
import { documentsOf } from './question-sets.ts';

export interface SetSearcher {
  search(query: string, limit: number, without: ReadonlySet<string>): Promise<SearchHit[]>;
  close(): Promise<void>;
}

export async function openSearcher(
  folder: string,
  set: string,
  embeddings: Embeddings,
): Promise<SetSearcher> {
  const documents = documentsOf(folder, set);
  const language = set.endsWith('_fr') ? ('fr' as const) : ('en' as const);
  const passages = await passagesOf({ name: set, language, documents, questions: [] }, embeddings);
  const vectors = await embeddings.embed(passages.map(({ chunk }) => `passage: ${passageText(chunk)}`));
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-answers-'));
  const store = await openStore({ dataDir, log: silentLog });
  const index = createPassageIndex({ store, log: silentLog });
  await addCollection(store, set);
  const byDocument = Map.groupBy(
    passages.map((passage, at) => ({ ...passage, vector: vectors[at] ?? null })),
    ({ documentId }) => documentId,
  );
  for (const [id, own] of byDocument)
    await addDocument({ store, index }, { id, collectionId: set, title: own[0]?.title ?? '' }, own);
  return {
    async search(query, limit, without) {
      const [vector = null] = await embeddings.embed([`query: ${query}`]);
      // As if they were not there, but for their weight in how rare a word is.
      const hits = await index.search({
        text: query,
        vector,
        collectionIds: [set],
        limit: without.size === 0 ? limit : 100,
        mode: 'hybrid',
      });
      return hits
        .filter(({ documentId }) => !without.has(documentId))
        .slice(0, limit)
        .map((hit, at) => ({ ...hit, rank: at + 1 }));
    },
    async close() {
      await index.close();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
