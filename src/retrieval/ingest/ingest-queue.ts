// When a collection is read: one job at a time reads it, what is added meanwhile is its work too, and nothing that was
// added can fall between a job that has just looked for the last time and the next one.
import type { Task } from '../../contracts/task.ts';
import type { Jobs } from '../../jobs/queue.ts';
import type { Log } from '../../lib/log.ts';
import type { Collections } from '../collections.ts';
import { INGEST_KIND } from './ingest-job.ts';
import type { WorkRows } from './work-rows.ts';

export interface IngestQueue {
  /** The job that reads the collection: the one that is open, else a new one. */
  enqueue(collection: { id: string; name: string; user_id: string }): Promise<Task>;
  /** For the job: see IngestJobOptions. */
  finish(collectionId: string, look: () => Promise<boolean>): Promise<boolean>;
  /** Takes up what a crash left without a job. */
  recover(): Promise<void>;
  close(): void;
}

export interface IngestQueueOptions {
  jobs: Jobs;
  rows: WorkRows;
  collections: Collections;
  log: Log;
  /** Documents were cancelled. */
  onCancelled(collectionId: string): void;
}

const openStatuses: readonly Task['status'][] = ['queued', 'running', 'paused'];
const RECENT = 500;
/** A job whose end could not be stored is not waited for; it is taken up again. */
const PATIENCE_MS = 5_000;

export function createIngestQueue(options: IngestQueueOptions): IngestQueue {
  const { jobs, rows, collections, log, onCancelled } = options;
  /** Collections whose job has looked for the last time, until it has ended. */
  const ending = new Map<string, Promise<void>>();
  const ended = new Map<string, () => void>();
  const following = new Set<Promise<void>>();

  const off = jobs.onChange((task) => {
    const id = collectionOf(task);
    if (id === null || openStatuses.includes(task.status)) return;
    ended.get(id)?.();
    const follow = afterEnd(task, id)
      .catch((error: unknown) =>
        log.error('the end of an ingest job was not followed up', { task: task.id, error: String(error) }),
      )
      .finally(() => following.delete(follow));
    following.add(follow);
  });

  async function afterEnd(task: Task, collectionId: string): Promise<void> {
    if (task.status === 'cancelled') {
      await rows.cancelWaiting(collectionId, task.endedAt ?? Date.now());
      onCancelled(collectionId);
    }
    // Another program may have added while this job was ending.
    else if (task.status === 'complete' && (await rows.waiting(collectionId)) > 0) {
      const collection = await collections.find(collectionId);
      if (collection) await enqueue(collection);
    }
  }

  async function enqueue({
    id,
    name,
    user_id: userId,
  }: Parameters<IngestQueue['enqueue']>[0]): Promise<Task> {
    const gone = ending.get(id);
    if (gone) await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
    return jobs.enqueue(
      INGEST_KIND,
      { collectionId: id, userId },
      { title: name, uniqueKey: `${INGEST_KIND}:${id}` },
    );
  }

  return {
    enqueue,
    async finish(collectionId, look) {
      const gone = new Promise<void>((resolve) => {
        ended.set(collectionId, () => {
          ending.delete(collectionId);
          ended.delete(collectionId);
          resolve();
        });
      });
      ending.set(collectionId, gone);
      const more = await look().catch((error: unknown) => {
        ended.get(collectionId)?.();
        throw error;
      });
      if (more) ended.get(collectionId)?.();
      return more;
    },
    async recover() {
      const recent = await jobs.list({ limit: RECENT });
      for (const id of await rows.collectionsWaiting()) {
        const latest = recent.find((task) => collectionOf(task) === id);
        // The program ended between the word of the person and what follows from it.
        if (latest?.status === 'cancelled') await rows.cancelWaiting(id, latest.endedAt ?? 0);
        const collection = await collections.find(id);
        if (collection && (await rows.waiting(id)) > 0) await enqueue(collection);
      }
    },
    close() {
      off();
      for (const release of [...ended.values()]) release();
    },
  };
}

function collectionOf(task: Task): string | null {
  return task.kind === INGEST_KIND && typeof task.payload.collectionId === 'string'
    ? task.payload.collectionId
    : null;
}
