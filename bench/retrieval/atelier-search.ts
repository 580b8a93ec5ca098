// A set in Atelier's own index: its documents through parser and chunker, embedded, stored, and searched in each mode.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/lib/log.ts';
import { createPassageIndex } from '../../src/retrieval/index/create-passage-index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { addCollection, addDocument } from '../../test/suites/passage-rows.ts';
import type { Rankings } from './baselines.ts';
import type { Embeddings } from './embeddings.ts';
import { passagesOf, passageVectors } from './passages.ts';
import type { RagSet } from './rag-sets.ts';

export type Mode = 'lexical' | 'vector' | 'hybrid';

/** Passages that are asked for, so that ten documents are among them. */
const PASSAGES = 64;

export async function atelierRankings(
  set: RagSet,
  embeddings: Embeddings,
): Promise<Record<Mode, Rankings> & { passages: number }> {
  const passages = await passagesOf(set, embeddings);
  const vectors = await passageVectors(
    passages.map(({ chunk }) => chunk),
    embeddings,
  );
  const asked = await embeddings.embed(set.questions.map(({ query }) => `query: ${query}`));
  const byDocument = Map.groupBy(
    passages.map((passage, at) => ({ ...passage, vector: vectors[at] ?? null })),
    ({ documentId }) => documentId,
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  const store = await openStore({ dataDir, log: silentLog });
  const index = createPassageIndex({ store, log: silentLog });
  try {
    await addCollection(store, set.name);
    for (const [id, own] of byDocument)
      await addDocument({ store, index }, { id, collectionId: set.name, title: own[0]?.title ?? '' }, own);
    const rankings: Record<Mode, Rankings> = { lexical: [], vector: [], hybrid: [] };
    for (const mode of ['lexical', 'vector', 'hybrid'] as const)
      for (const [at, { query }] of set.questions.entries()) {
        const hits = await index.search({
          text: query,
          vector: asked[at] ?? null,
          collectionIds: [set.name],
          limit: PASSAGES,
          mode,
        });
        rankings[mode].push([...new Set(hits.map(({ documentId }) => documentId))]);
      }
    return { ...rankings, passages: passages.length };
  } finally {
    await index.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
