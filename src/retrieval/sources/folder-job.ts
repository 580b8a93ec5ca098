// The job that takes in a folder of this machine: it walks, adds what is new or changed, and drops the documents whose
// file is gone. It keeps no place of its own: walked again, what is there already is only compared.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { DocumentSource } from '../../contracts/knowledge.ts';
import type { JobContext, JobHandler } from '../../jobs/queue.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import type { CollectionRow, Collections } from '../collections.ts';
import { cleanPath } from '../document-path.ts';
import { type AddParts, addDocument } from '../ingest/add-documents.ts';
import { type FolderEntry, walkFolder } from '../parse/folder-walk.ts';
import { defaultLimits } from '../parse/limits.ts';
import { pathOrder } from '../path-order.ts';
import { whyUnreadable } from './is-readable.ts';
import { createSkipped } from './skipped.ts';

export const FOLDER_KIND = 'knowledge.folder';

export type FolderPayload = { collectionId: string; dir: string };

export interface SourceJobOptions extends AddParts {
  collections: Collections;
  /** Begins to read what was added; the job that does. */
  read(collection: CollectionRow): Promise<{ id: string }>;
  remove(documentId: string): Promise<void>;
}

/** Files on their way into the store at once; they share its commits. */
const LANES = 4;
/** So often at least the reading is asked to begin, while the walk goes on. */
const READ_EVERY = 20;

export function createFolderJob(options: SourceJobOptions): JobHandler<FolderPayload> {
  return {
    kind: FOLDER_KIND,
    canPause: true,
    attempts: 2,
    async run(context) {
      const collection = await options.collections.find(context.payload.collectionId);
      if (collection === undefined) return { added: 0 };
      return takeFolder(collection, resolve(context.payload.dir), context, options);
    },
  };
}

async function takeFolder(
  collection: CollectionRow,
  root: string,
  { signal, progress }: JobContext<FolderPayload>,
  options: SourceJobOptions,
): Promise<Record<string, unknown>> {
  const source: DocumentSource = { kind: 'folder', root };
  const counts = { added: 0, changed: 0, unchanged: 0, removed: 0 };
  const skipped = createSkipped();
  const seen = new Set<string>();
  /** Places that could not be looked into: what is under them is not gone. */
  const closed: string[] = [];
  const meter = createRateMeter();
  const pathOf = (name: string) => cleanPath(`${basename(root) || 'folder'}/${name}`);
  let touched = 0;
  let reading: { id: string } | null = null;

  async function take(entry: Extract<FolderEntry, { type: 'file' }>): Promise<void> {
    const path = pathOf(entry.name);
    seen.add(path);
    if (entry.size > defaultLimits.inputBytes) return skipped.note(entry.name, 'too-large');
    const bytes = await readInside(entry.path);
    if (bytes === null) return skipped.note(entry.name, 'unreadable');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const present = await presentDocument(collection.id, path, options);
    if (present?.sha256 === sha256 && present.status !== 'cancelled') {
      counts.unchanged++;
      return;
    }
    const reason = await whyUnreadable(entry.name, bytes);
    if (reason !== null) return skipped.note(entry.name, reason);
    const { result } = await addDocument(collection, { path, bytes, source }, options);
    counts[result]++;
    if (touched++ % READ_EVERY === 0) reading = await options.read(collection);
  }

  const entries = walkFolder(root, { signal });
  async function lane(): Promise<void> {
    for (;;) {
      const { value: entry, done } = await entries.next();
      if (done || signal.aborted) return;
      try {
        await visit(entry);
      } catch (error) {
        // The other lanes find the walk ended.
        await entries.return(undefined);
        throw error;
      }
    }
  }
  async function visit(entry: FolderEntry): Promise<void> {
    if (entry.type === 'file') await take(entry);
    else {
      skipped.note(entry.name, entry.reason);
      if (entry.reason === 'unreadable') closed.push(pathOf(entry.name));
    }
    const count = seen.size;
    progress({ done: count, total: null, unit: 'items', perSecond: meter.mark(count), note: 'looking' });
  }
  try {
    const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    signal.throwIfAborted();
    for (const gone of await goneDocuments(collection.id, root, { seen, closed }, options)) {
      signal.throwIfAborted();
      await options.remove(gone);
      counts.removed++;
    }
  } finally {
    if (touched > 0 && signal.reason !== 'shutdown') reading = await options.read(collection);
  }
  return { ...counts, ...skipped.result(), readingTask: reading?.id ?? null };
}

function presentDocument(collectionId: string, path: string, { store }: AddParts) {
  return store.db
    .selectFrom('documents')
    .select(['sha256', 'status'])
    .where('collection_id', '=', collectionId)
    .where(pathOrder(store).is(path))
    .executeTakeFirst();
}

async function goneDocuments(
  collectionId: string,
  root: string,
  { seen, closed }: { seen: ReadonlySet<string>; closed: readonly string[] },
  { store }: AddParts,
): Promise<string[]> {
  const rows = await store.db
    .selectFrom('documents')
    .select(['id', 'path', 'source'])
    .where('collection_id', '=', collectionId)
    .where('source', '=', JSON.stringify({ kind: 'folder', root } satisfies DocumentSource))
    .execute();
  const isClosed = (path: string) => closed.some((place) => path === place || path.startsWith(`${place}/`));
  return rows.filter(({ path }) => !seen.has(path) && !isClosed(path)).map(({ id }) => id);
}

/** The walk has followed every link; one that was put there since is not followed. Null: it cannot be read. */
async function readInside(path: string): Promise<Uint8Array | null> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return null;
  }
}

/** @throws AtelierError invalid_request, not_found */
export async function checkFolder(dir: string): Promise<string> {
  if (!isAbsolute(dir))
    throw new AtelierError('invalid_request', `${dir} is no absolute path of a folder on this machine.`, {
      data: { path: dir },
    });
  // The first step of a walk says whether it is a folder that can be read.
  const walk = walkFolder(dir);
  await walk.next();
  await walk.return(undefined);
  return resolve(dir);
}
