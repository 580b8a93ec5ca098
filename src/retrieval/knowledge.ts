// The knowledge service's contract: collections, documents that are taken in, and search.
import type { Chunk } from '../contracts/chunk.ts';
import type { ParsedDocument } from '../contracts/document.ts';
import type { Identity } from '../contracts/identity.ts';
import type {
  AttributeFilter,
  Attributes,
  Collection,
  DocumentSource,
  KnowledgeCheck,
  KnowledgeDocument,
  SearchResult,
} from '../contracts/knowledge.ts';
import type { Task } from '../contracts/task.ts';

export interface NewDocument {
  /** Relative path or file name; a document of that path in the collection is replaced when its bytes differ. */
  path: string;
  bytes: Uint8Array | AsyncIterable<Uint8Array>;
  source?: DocumentSource;
  attributes?: Attributes;
  fileId?: string;
}

export interface Added {
  documents: KnowledgeDocument[];
  /** Paths whose bytes were there already. */
  unchanged: string[];
  /** Reads what was added; null when nothing is to be read. */
  task: Task | null;
}

export interface SearchOptions {
  collectionIds: readonly string[];
  query: string;
  /** Default 8. */
  limit?: number;
  filter?: AttributeFilter;
  documentIds?: readonly string[];
  /** Default hybrid. */
  mode?: 'hybrid' | 'lexical' | 'vector';
  /** page, api, cli, job */
  source: string;
  conversationId?: string;
  /** Continue a trace: the retrieval span hangs below this one. */
  parent?: { traceId: string; spanId: string };
  signal?: AbortSignal;
}

export interface Knowledge {
  listCollections(who: Identity): Promise<Collection[]>;
  /** @throws AtelierError invalid_request */
  createCollection(
    who: Identity,
    input: { name: string; description?: string; attributes?: Attributes },
  ): Promise<Collection>;
  /** @throws AtelierError not_found, also for another person's */
  getCollection(who: Identity, id: string): Promise<Collection>;
  updateCollection(
    who: Identity,
    id: string,
    input: { name?: string; description?: string; attributes?: Attributes },
  ): Promise<Collection>;
  /** Hidden at once, removed for good by retention after 30 days; `restoreCollection` brings it back. */
  removeCollection(who: Identity, id: string): Promise<void>;
  restoreCollection(who: Identity, id: string): Promise<Collection>;

  /**
   * Keeps the originals, stores the rows and queues the reading. What this returned survives a crash.
   * @throws AtelierError not_found, payload_too_large, storage_full
   */
  add(
    who: Identity,
    collectionId: string,
    documents: AsyncIterable<NewDocument> | Iterable<NewDocument>,
  ): Promise<Added>;
  /** A folder of this machine, walked in the task; adding it again does only what changed and drops what is gone. */
  addFolder(who: Identity, collectionId: string, dir: string): Promise<Task>;
  /** A zip: each of its files becomes a document. */
  addZip(who: Identity, collectionId: string, archive: NewDocument): Promise<Task>;
  /** One web address, through the guarded fetch. */
  addUrl(who: Identity, collectionId: string, url: string): Promise<Added>;

  listDocuments(
    who: Identity,
    collectionId: string,
    options: { query?: string; status?: KnowledgeDocument['status']; cursor?: string; limit: number },
  ): Promise<{ documents: KnowledgeDocument[]; nextCursor: string | null }>;
  /** A few that were read, of all collections, by words of their titles and paths; the newest first. */
  findDocuments(who: Identity, options: { query: string; limit: number }): Promise<KnowledgeDocument[]>;
  getDocument(who: Identity, id: string): Promise<KnowledgeDocument>;
  updateDocument(who: Identity, id: string, input: { attributes: Attributes }): Promise<KnowledgeDocument>;
  removeDocument(who: Identity, id: string): Promise<void>;
  /** Those that are not read yet are not read; what else the collection waits for goes on. @throws AtelierError not_found */
  cancelDocuments(who: Identity, collectionId: string, ids: readonly string[]): Promise<void>;
  /** Reads it again, such as after a limit or a parser changed. */
  retryDocument(who: Identity, id: string): Promise<Task>;
  original(
    who: Identity,
    id: string,
  ): Promise<{ name: string; mediaType: string; bytes: AsyncIterable<Uint8Array> }>;
  /** @throws AtelierError not_found; conflict while it is not read yet */
  parsed(who: Identity, id: string): Promise<ParsedDocument>;
  passages(who: Identity, id: string): Promise<Chunk[]>;

  /** Writes a retrieval span with the hits and scores. @throws AtelierError not_found */
  search(who: Identity, options: SearchOptions): Promise<SearchResult & { traceId: string; spanId: string }>;
  check(options: { repair: boolean; signal?: AbortSignal }): Promise<KnowledgeCheck>;

  onChange(listener: (change: { userId: string; collectionId: string | null }) => void): () => void;
  close(): Promise<void>;
}
