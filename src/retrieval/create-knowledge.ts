// The knowledge service: collections, the documents that are taken in and read by jobs, and search. See knowledge.ts.
import type { DocumentKind, ParsedDocument } from '../contracts/document.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Task } from '../contracts/task.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { GuardedFetch } from '../lib/guarded-fetch.ts';
import type { Log } from '../lib/log.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { type BlobKeeper, createBlobKeeper } from '../store/blob-keeper.ts';
import type { Store } from '../store/store.ts';
import { checkAttributes } from './attributes.ts';
import { createChanges } from './changes.ts';
import { checkKnowledge } from './check-knowledge.ts';
import { type CollectionRow, createCollections } from './collections.ts';
import { cleanPath } from './document-path.ts';
import { type DocumentRow, findDocuments, listDocuments, ownDocument, toDocument } from './documents.ts';
import type { Embedder } from './embedder.ts';
import { addDocument } from './ingest/add-documents.ts';
import { collect } from './ingest/collect.ts';
import { createIngestJob } from './ingest/ingest-job.ts';
import { createIngestQueue } from './ingest/ingest-queue.ts';
import { type ReadParts, readDocument } from './ingest/read-document.ts';
import { createWorkRows } from './ingest/work-rows.ts';
import type { Added, Knowledge, NewDocument } from './knowledge.ts';
import { mediaTypeOf } from './media-type.ts';
import type { ParserPool } from './parse/pool/parser-pool.ts';
import type { PassageIndex } from './passage-index.ts';
import { purgeCollections, removeDocuments } from './remove-documents.ts';
import { searchKnowledge } from './search-knowledge.ts';
import { createSearchLimits } from './search-limits.ts';
import { fetchPage } from './sources/fetch-page.ts';
import { checkFolder, createFolderJob, FOLDER_KIND } from './sources/folder-job.ts';
import { createZipJob, freeArchives, ZIP_KIND } from './sources/zip-job.ts';

export interface KnowledgeOptions {
  store: Store;
  /** Not started yet: the service registers its jobs. */
  jobs: Jobs;
  ledger: Ledger;
  parsers: ParserPool;
  index: PassageIndex;
  embedder: Embedder;
  /** For addresses that a person or a model chose. */
  guarded: GuardedFetch;
  log: Log;
  now?: () => number;
  /** Shared with whoever else keeps blobs. */
  blobs?: BlobKeeper;
  /** Told when a model came or went: documents without vectors get theirs. */
  onModelsChange?: (listener: () => void) => () => void;
}

export interface KnowledgeService extends Knowledge {
  /** Opens the index and takes up what an earlier process left unread. Call it once the jobs have started. */
  start(): Promise<void>;
  /** Removes for good the collections that were deleted before that moment; returns how many. */
  purge(before: number, signal: AbortSignal): Promise<number>;
}

export function createKnowledge(options: KnowledgeOptions): KnowledgeService {
  const { store, jobs, ledger, parsers, index, embedder, guarded, log, now = Date.now } = options;
  const { db } = store;
  const blobs = options.blobs ?? createBlobKeeper({ store, log });
  const collections = createCollections(store, now);
  const rows = createWorkRows(store, now);
  const parts: ReadParts = { store, blobs, parsers, index, embedder, rows, log, now };
  const changes = createChanges((error) =>
    log.error('a listener of the knowledge failed', { error: String(error) }),
  );
  const workListeners = new Set<(collectionId: string) => void>();
  const limits = createSearchLimits(rows);
  const changed = (userId: string, collectionId: string) => {
    limits.forget(collectionId);
    changes.tell(userId, collectionId);
  };
  const tell = ({ id, user_id }: { id: string; user_id: string }) => changed(user_id, id);

  const queue = createIngestQueue({
    jobs,
    rows,
    collections,
    log,
    onCancelled(id) {
      void collections.find(id).then(
        (row) => row && tell(row),
        (error: unknown) => log.error('a collection could not be read', { id, error: String(error) }),
      );
    },
  });
  jobs.register(
    createIngestJob({
      ...parts,
      collections,
      ledger,
      onDocument: tell,
      finish: queue.finish,
      onWork(listener) {
        workListeners.add(listener);
        return () => workListeners.delete(listener);
      },
    }),
  );
  const sourceJob = {
    store,
    blobs,
    now,
    collections,
    read: (collection: CollectionRow) => read(collection),
    remove: (id: string) => removeDocuments([id], parts),
  };
  jobs.register(createFolderJob(sourceJob));
  jobs.register(createZipJob(sourceJob));
  const offArchives = freeArchives(jobs, blobs);

  /** Sees to it that what waits in the collection is read. */
  async function read(collection: { id: string; user_id: string; name: string }): Promise<Task> {
    const task = await queue.enqueue(collection);
    for (const listener of workListeners) listener(collection.id);
    tell(collection);
    return task;
  }

  async function add(
    who: Identity,
    collectionId: string,
    documents: AsyncIterable<NewDocument> | Iterable<NewDocument>,
  ): Promise<Added> {
    const collection = await collections.own(who, collectionId);
    const added: Added = { documents: [], unchanged: [], task: null };
    try {
      for await (const input of documents) {
        const outcome = await addDocument(collection, input, parts);
        if (outcome.result === 'unchanged') added.unchanged.push(outcome.path);
        else added.documents.push(outcome.document);
      }
    } finally {
      // What was stored before a fault is there and is read.
      if (added.documents.length > 0) added.task = await read(collection);
    }
    return added;
  }

  async function fillVectors(): Promise<void> {
    const bare = await rows.collectionsWithoutVectors();
    if (bare.length === 0 || !(await embedder.available())) return;
    for (const id of bare) {
      const collection = await collections.find(id);
      if (collection) await queue.enqueue(collection);
    }
  }

  const offModels = options.onModelsChange?.(() => {
    if (!started) return;
    fillVectors().catch((error: unknown) =>
      log.error('documents without vectors could not be looked for', { error: String(error) }),
    );
  });
  let started = false;

  async function readAgain(row: DocumentRow, signal: AbortSignal = new AbortController().signal) {
    const collection = await collections.find(row.collection_id);
    const vectors = collection?.embedding_model === embedder.model && (await embedder.available());
    const outcome = await readDocument({ ...row, parsed_sha256: null }, parts, {
      vectors,
      context: { identity: { userId: row.user_id, role: 'member' }, source: 'job', signal },
      onStage: () => {},
    });
    return outcome.result === 'ready';
  }

  return {
    listCollections: (who) => collections.list(who),
    async createCollection(who, input) {
      const collection = await collections.create(who, input);
      changed(who.userId, collection.id);
      return collection;
    },
    getCollection: (who, id) => collections.get(who, id),
    async updateCollection(who, id, input) {
      const collection = await collections.update(who, id, input);
      changed(who.userId, id);
      return collection;
    },
    async removeCollection(who, id) {
      await collections.setDeleted(who, id, true);
      changed(who.userId, id);
    },
    async restoreCollection(who, id) {
      await collections.setDeleted(who, id, false);
      const collection = await collections.own(who, id);
      if ((await rows.waiting(id)) > 0) await read(collection);
      changed(who.userId, id);
      return collections.get(who, id);
    },

    add,
    async addFolder(who, collectionId, dir) {
      const collection = await collections.own(who, collectionId);
      const folder = await checkFolder(dir);
      return jobs.enqueue(
        FOLDER_KIND,
        { collectionId, dir: folder, userId: who.userId },
        { title: `${folder} → ${collection.name}`, uniqueKey: `${FOLDER_KIND}:${collectionId}:${folder}` },
      );
    },
    async addZip(who, collectionId, archive) {
      const collection = await collections.own(who, collectionId);
      const name = cleanPath(archive.path);
      const attributes = JSON.stringify(archive.attributes ? checkAttributes(archive.attributes) : null);
      return blobs.keep(archive.bytes, ({ sha256 }) =>
        jobs.enqueue(
          ZIP_KIND,
          { collectionId, name, sha256, attributes, userId: who.userId },
          { title: `${name} → ${collection.name}`, uniqueKey: `${ZIP_KIND}:${collectionId}:${sha256}` },
        ),
      );
    },
    async addUrl(who, collectionId, url) {
      await collections.own(who, collectionId);
      return add(who, collectionId, [await fetchPage(url, guarded)]);
    },

    async listDocuments(who, collectionId, list) {
      await collections.own(who, collectionId);
      return listDocuments(store, collectionId, list);
    },
    findDocuments: (who, found) => findDocuments(store, who, found),
    getDocument: async (who, id) => toDocument(await ownDocument(store, who, id)),
    async updateDocument(who, id, { attributes }) {
      const row = await ownDocument(store, who, id);
      const change = { attributes: JSON.stringify(checkAttributes(attributes)), updated_at: now() };
      await store.write([db.updateTable('documents').set(change).where('id', '=', id)]);
      changed(who.userId, row.collection_id);
      return toDocument({ ...row, ...change });
    },
    async removeDocument(who, id) {
      const row = await ownDocument(store, who, id);
      await removeDocuments([row.id], parts);
      changed(who.userId, row.collection_id);
    },
    async cancelDocuments(who, collectionId, ids) {
      const collection = await collections.own(who, collectionId);
      await rows.cancelDocuments(who.userId, ids);
      tell(collection);
    },
    async retryDocument(who, id) {
      const row = await ownDocument(store, who, id);
      await store.write([
        db
          .updateTable('documents')
          .set({ status: 'queued', error: null, updated_at: now() })
          .where('id', '=', id),
      ]);
      return read(await collections.own(who, row.collection_id));
    },
    async original(who, id) {
      const row = await ownDocument(store, who, id);
      const bytes = await store.blobs.get(row.sha256);
      if (bytes === null)
        throw new AtelierError(
          'storage_failed',
          `The original of ${row.path} is gone from the data folder. Add the document again.`,
          { data: { id } },
        );
      return {
        name: row.path.split('/').at(-1) || row.path,
        mediaType: mediaTypeOf(row.path, row.kind as DocumentKind | null),
        bytes,
      };
    },
    async parsed(who, id) {
      const row = await ownDocument(store, who, id);
      if (row.parsed_sha256 === null)
        throw new AtelierError('conflict', `${row.path} has not been read (it is ${row.status}).`, {
          data: { id, status: row.status },
        });
      const bytes = await store.blobs.get(row.parsed_sha256);
      if (bytes === null)
        throw new AtelierError(
          'storage_failed',
          `The text of ${row.path} is gone from the data folder. Read the document again.`,
          { data: { id } },
        );
      return JSON.parse(Buffer.from(await collect(bytes)).toString('utf8')) as ParsedDocument;
    },
    async passages(who, id) {
      await ownDocument(store, who, id);
      return index.passages(id);
    },

    search: (who, search) => searchKnowledge(who, search, { store, ledger, index, embedder, limits }),
    check: (check) => checkKnowledge({ store, index, readAgain }, check),

    onChange: changes.on,
    async start() {
      await index.open();
      started = true;
      await queue.recover();
      await fillVectors();
    },
    purge: (before, signal) => purgeCollections(before, signal, parts),
    async close() {
      offModels?.();
      offArchives();
      queue.close();
      changes.close();
      await blobs.idle();
    },
  };
}
