// Files on their way into a collection. Sent a few at a time, so that what the server acknowledged is safe whatever comes
// next; they go on when the person leaves the page, and every page that asks sees how far they are.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { KnowledgeDocument } from '../../../../contracts/knowledge.ts';
import type { Task } from '../../../../contracts/task.ts';
import { api } from '../api.ts';
import { withTask } from '../events.ts';
import { queryKeys } from '../query-keys.ts';
import { isHidden, type PickedFile } from './picked-files.ts';
import { removals } from './removals.ts';

export interface Added {
  documents: KnowledgeDocument[];
  unchanged: string[];
  task: Task | null;
}

export interface Upload {
  id: number;
  collectionId: string;
  files: number;
  bytes: number;
  sentFiles: number;
  sentBytes: number;
  /** Hidden and system files that were left out. */
  leftOut: number;
  /** Paths that were there already, byte for byte. */
  unchanged: number;
  state: 'sending' | 'done' | 'failed' | 'cancelled';
  error: unknown;
  cancel: () => void;
  /** Sends what is not there yet. */
  again: () => void;
}

const BATCH_FILES = 40;
const BATCH_BYTES = 24_000_000;

/** Files in the order in which they were picked, cut into forms of a bearable size. */
export function inBatches(files: readonly PickedFile[]): PickedFile[][] {
  const batches: PickedFile[][] = [];
  let size = 0;
  for (const picked of files) {
    const batch = batches.at(-1);
    if (batch && batch.length < BATCH_FILES && size + picked.file.size <= BATCH_BYTES) {
      batch.push(picked);
      size += picked.file.size;
    } else {
      batches.push([picked]);
      size = picked.file.size;
    }
  }
  return batches;
}

let uploads: readonly Upload[] = [];
let nextId = 1;
const watchers = new Set<() => void>();

function change(next: readonly Upload[]): void {
  uploads = next;
  for (const watcher of watchers) watcher();
}

function patch(id: number, part: Partial<Upload>): void {
  change(uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
}

export function dismissUpload(id: number): void {
  change(uploads.filter((upload) => upload.id !== id));
}

export function useUploads(collectionId: string): readonly Upload[] {
  const all = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => uploads,
  );
  return all.filter((upload) => upload.collectionId === collectionId);
}

/**
 * Sends the files; resolves with everything that was acknowledged.
 * @throws what the server refused a form with; the upload then stands as failed, with a way to go on
 */
export async function addFiles(
  client: QueryClient,
  collectionId: string,
  picked: readonly PickedFile[],
): Promise<Added> {
  const wanted = picked.filter(({ path }) => !isHidden(path));
  const id = nextId++;
  const abort = new AbortController();
  const rest = new Set(wanted);
  change([
    ...uploads,
    {
      id,
      collectionId,
      files: wanted.length,
      bytes: wanted.reduce((sum, { file }) => sum + file.size, 0),
      sentFiles: 0,
      sentBytes: 0,
      leftOut: picked.length - wanted.length,
      unchanged: 0,
      state: 'sending',
      error: null,
      cancel: () => abort.abort(),
      again: () => {
        dismissUpload(id);
        // It tells of its failure by itself.
        addFiles(client, collectionId, [...rest]).catch(() => undefined);
      },
    },
  ]);
  const all: Added = { documents: [], unchanged: [], task: null };
  let bytes = 0;
  try {
    // A file that was just deleted may be among these.
    await removals.commitAll();
    for (const batch of inBatches(wanted)) {
      const added = await send(collectionId, batch, abort.signal);
      all.documents.push(...added.documents);
      all.unchanged.push(...added.unchanged);
      all.task = added.task ?? all.task;
      for (const one of batch) {
        rest.delete(one);
        bytes += one.file.size;
      }
      patch(id, {
        sentFiles: wanted.length - rest.size,
        sentBytes: bytes,
        unchanged: all.unchanged.length,
      });
      const { task } = added;
      if (task) client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, task));
      void client.invalidateQueries({ queryKey: queryKeys.knowledge });
    }
  } catch (error) {
    patch(id, abort.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error });
    throw error;
  }
  patch(id, { state: 'done' });
  // What is only good news goes by itself; what was left out stays until it is read.
  if (picked.length === wanted.length && all.unchanged.length === 0) dismissUpload(id);
  return all;
}

function send(collectionId: string, batch: readonly PickedFile[], signal: AbortSignal): Promise<Added> {
  const body = new FormData();
  for (const { path, file } of batch) body.append('files', file, path);
  return api<Added>(`/collections/${encodeURIComponent(collectionId)}/documents`, {
    method: 'POST',
    body,
    signal,
  });
}
