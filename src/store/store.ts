// The store's contract: one Kysely for reads and single writes, atomic batches, blobs, full-text search.
// What stands behind it (SQLite in worker threads, PostgreSQL) is chosen in open-store.ts.
import type { Compilable, Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface StatementResult {
  rows: Record<string, unknown>[];
  affected: number;
}

export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  /** This program among those that share the store; null where no other can open it. See ownership.ts. */
  readonly node: { readonly id: number } | null;
  /** Selects run on a connection that only reads; any other statement is an atomic batch of one. */
  readonly db: Kysely<Database>;
  /**
   * Runs the statements in order in one transaction: all or none, durable (fsync) when it resolves.
   * Batches that arrive together share a commit.
   * @throws AtelierError storage_full, storage_failed, conflict (a unique key exists already)
   */
  write(statements: readonly Compilable[]): Promise<StatementResult[]>;
  readonly text: TextIndex;
  readonly blobs: BlobStore;
  /** Waits for the writes under way. */
  close(): Promise<void>;
}

export interface TextDocument {
  id: string;
  scope: string;
  text: string;
}

/** Full-text search that folds case and accents; ranked where the store can. */
export interface TextIndex {
  /** Statements that (re)place a document of a collection, to put into a batch of `write`. */
  put(collection: string, id: string, scope: string, text: string): Compilable[];
  /** The same for many documents at once, each of which comes once. */
  putAll(collection: string, documents: readonly TextDocument[]): Compilable[];
  remove(collection: string, id: string): Compilable[];
  /** Ids, best first. The last word also matches as a prefix. `scope` restricts, such as to a user. */
  search(collection: string, scope: string, query: string, limit: number): Promise<string[]>;
}

/** Content-addressed bytes. */
export interface BlobStore {
  /** Returns the sha256 under which the bytes are kept. */
  put(bytes: AsyncIterable<Uint8Array> | Uint8Array): Promise<{ sha256: string; sizeBytes: number }>;
  get(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
  remove(sha256: string): Promise<void>;
}
