// Blobs that rows point to: bytes are kept together with the row that needs them, and freed when no row does any more.
// The bytes of two owners are one blob, so nothing may be freed between "it is there already" and the row that says so.
import type { Log } from '../lib/log.ts';
import type { Store } from './store.ts';

export interface Blob {
  sha256: string;
  sizeBytes: number;
}

export interface BlobKeeper {
  /** Stores the bytes, then lets `commit` write the row that points to them. */
  keep<T>(bytes: AsyncIterable<Uint8Array> | Uint8Array, commit: (blob: Blob) => Promise<T>): Promise<T>;
  /** Removes those that no row points to, as soon as nothing is being kept. It does not throw: it is logged. */
  free(hashes: readonly (string | null)[]): Promise<void>;
  /** Whether some row points to the blob. */
  isUsed(sha256: string): Promise<boolean>;
  /** Resolves when nothing is waiting to be freed. */
  idle(): Promise<void>;
}

export function createBlobKeeper({ store, log }: { store: Store; log: Log }): BlobKeeper {
  const { db } = store;
  const waiting = new Set<string>();
  let keeping = 0;
  let freeing: Promise<void> | null = null;
  let quiet: (() => void)[] = [];

  async function isUsed(sha256: string): Promise<boolean> {
    const users = await Promise.all([
      db.selectFrom('documents').select('id').where('sha256', '=', sha256).limit(1).execute(),
      db.selectFrom('documents').select('id').where('parsed_sha256', '=', sha256).limit(1).execute(),
      db.selectFrom('files').select('id').where('sha256', '=', sha256).limit(1).execute(),
      db.selectFrom('app_batches').select('id').where('sha256', '=', sha256).limit(1).execute(),
      db.selectFrom('dataset_versions').select('version').where('sha256', '=', sha256).limit(1).execute(),
      // An open job that works on a blob ends its key with the blob's hash.
      db
        .selectFrom('jobs')
        .select('id')
        .where('status', 'in', ['queued', 'running', 'paused'])
        .where('unique_key', 'like', `%:${sha256}`)
        .limit(1)
        .execute(),
    ]);
    return users.some((rows) => rows.length > 0);
  }

  async function freeAll(): Promise<void> {
    for (const sha256 of waiting) {
      waiting.delete(sha256);
      try {
        if (!(await isUsed(sha256))) await store.blobs.remove(sha256);
      } catch (error) {
        log.error('a blob could not be freed', { sha256, error: String(error) });
      }
    }
  }

  function settle(): void {
    if (keeping > 0 || freeing) return;
    if (waiting.size === 0) {
      for (const done of quiet.splice(0)) done();
      return;
    }
    freeing = freeAll().finally(() => {
      freeing = null;
      settle();
    });
  }

  const idle = () =>
    new Promise<void>((resolve) => {
      quiet = [...quiet, resolve];
      settle();
    });

  return {
    async keep(bytes, commit) {
      while (freeing) await freeing;
      keeping++;
      try {
        return await commit(await store.blobs.put(bytes));
      } finally {
        keeping--;
        settle();
      }
    },
    free(hashes) {
      for (const hash of hashes) if (hash !== null) waiting.add(hash);
      return idle();
    },
    isUsed,
    idle,
  };
}
