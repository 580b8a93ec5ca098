// What one store gives to the index: the statements that keep a passage findable, and the candidates of a question with
// their scores. Fusing, filling in and the contract are the same on both stores (create-passage-index.ts).
import type { Compilable } from 'kysely';
import type { IndexFault } from './faults.ts';
import type { PassageTerms } from './passage-terms.ts';

export interface RankQuery {
  /** Terms of the question with repetitions; null: not by words. */
  terms: readonly number[] | null;
  /** Unit vector of the question; null: not by meaning. */
  vector: Float32Array | null;
  collectionIds: readonly string[];
  /** Only passages of these documents; null: of all. */
  documentIds: readonly string[] | null;
  /** Candidates of each ranking. */
  depth: number;
}

/** A passage that is among the best of one ranking at least, with its score in both. */
export interface Candidate {
  number: number;
  /** BM25; null: it has none of the words. */
  lexical: number | null;
  /** Cosine; null: it has no vector, or the question has none. */
  vector: number | null;
}

export interface PassageKey {
  documentId: string;
  collectionId: string;
  chunkId: string;
}

export interface IndexEngine {
  /** Adds to a passage that is stored in the same batch what a search needs of it. Its document has none before. */
  put(key: PassageKey, terms: PassageTerms, vector: Float32Array | null): Compilable[];
  /** The rows of this document are stored, or gone. */
  committed(documentId: string, collectionId: string): Promise<void>;
  rank(query: RankQuery): Promise<Candidate[]>;
  /** Candidates that have no row any more: their collection was removed. */
  forget(numbers: readonly number[]): void;
  /** Vectors by the hash of what was embedded. */
  vectorsByHash(collectionId: string, hashes: readonly string[]): Promise<Map<string, Float32Array>>;
  check(options: { repair: boolean; signal?: AbortSignal }): Promise<IndexFault[]>;
  open(): Promise<void>;
  close(): Promise<void>;
}
