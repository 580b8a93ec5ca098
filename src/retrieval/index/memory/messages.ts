// What crosses the border to the worker thread of the index.

export interface IndexRow {
  number: number;
  collectionId: string;
  documentId: string;
  terms: Uint8Array;
  vector: Uint8Array | null;
}

export interface RankRequest {
  terms: readonly number[] | null;
  vector: Float32Array | null;
  collectionIds: readonly string[];
  documentIds: readonly string[] | null;
  depth: number;
}

export interface RankedRows {
  numbers: Float64Array;
  /** BM25 of each; 0 where none of the words is in it. */
  lexical: Float32Array;
  /** Not a number where there is no vector. */
  cosines: Float32Array;
}

export interface Contents {
  numbers: Float64Array;
  withVector: Float64Array;
}

export type Request =
  | { type: 'add'; rows: IndexRow[] }
  /** The rows take the place of what the document had. */
  | { type: 'replace'; documentId: string; collectionId: string; rows: IndexRow[] }
  | { type: 'forget'; numbers: readonly number[] }
  | { type: 'rank'; query: RankRequest }
  | { type: 'contents' };

export interface Replies {
  add: null;
  replace: null;
  forget: null;
  rank: RankedRows;
  contents: Contents;
}

export type ToWorker = Request & { id: number };
export type FromWorker = { id: number } & ({ value: Replies[keyof Replies] } | { error: string });
