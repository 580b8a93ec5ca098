// A store of its own for one test: SQLite in a temporary folder, or PostgreSQL in a schema that goes away with it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../src/lib/log.ts';
import { type OpenStoreOptions, openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';

export interface TestStore {
  store: Store;
  dataDir: string;
  /** Closes the store and opens the same data again. */
  reopen(options?: Partial<OpenStoreOptions>): Promise<Store>;
  /** Closes the store and removes its data. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openTestStore(options: Partial<OpenStoreOptions> = {}): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-store-'));
  const open = (more: Partial<OpenStoreOptions> = {}) =>
    openStore({ dataDir, log: silentLog, ...options, ...more });
  const dispose = async () => {
    await opened.store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const opened: TestStore = {
    store: await open(),
    dataDir,
    async reopen(more) {
      await opened.store.close();
      opened.store = await open(more);
      return opened.store;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
  return opened;
}
