// The index's contract: passages by words (BM25) and by meaning (vectors), fused into one ranking.
// The rows of `passages` are the truth; whatever lies beside them can be built again from them.
import type { Compilable } from 'kysely';
import type { Chunk } from '../contracts/chunk.ts';
import type { AttributeFilter, KnowledgeCheck, SearchHit } from '../contracts/knowledge.ts';

export interface IndexedPassage {
  chunk: Chunk;
  /** Unit vector; null: it is found by its words only. */
  vector: Float32Array | null;
}

export interface IndexQuery {
  text: string;
  /** Unit vector of the question; null: by words only. */
  vector: Float32Array | null;
  collectionIds: readonly string[];
  documentIds?: readonly string[];
  filter?: AttributeFilter;
  limit: number;
  mode: 'hybrid' | 'lexical' | 'vector';
}

export interface PassageIndex {
  /** Does a passage's share of `replace` ahead, so that nobody waits while a document of a thousand is replaced. */
  prepare(chunk: Chunk): void;
  /**
   * Statements that replace the passages of a document, for one batch with the document's own row. After the batch is
   * stored, `committed` brings what a node holds in memory up to date; when a crash comes between both, the next start
   * reads the rows.
   */
  replace(
    document: { id: string; collectionId: string; title: string },
    passages: readonly IndexedPassage[],
  ): Compilable[];
  remove(documentId: string): Compilable[];
  committed(documentId: string, collectionId: string): Promise<void>;
  /** Best first. */
  search(query: IndexQuery, signal?: AbortSignal): Promise<Omit<SearchHit, 'rank'>[]>;
  /** The passages of a document in their order. */
  passages(documentId: string): Promise<Chunk[]>;
  /** Vectors that are stored under these hashes for a model's collection, so that only what changed is embedded. */
  vectorsByHash(collectionId: string, hashes: readonly string[]): Promise<Map<string, Float32Array>>;
  /** Compares rows and indexes, and mends the indexes from the rows. */
  check(options: { repair: boolean; signal?: AbortSignal }): Promise<KnowledgeCheck>;
  /** Loads or builds what search needs; safe to call again. */
  open(): Promise<void>;
  close(): Promise<void>;
}
