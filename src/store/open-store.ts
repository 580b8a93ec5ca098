// Opens the store: PostgreSQL where an address is given, else SQLite in the data folder; migrated and ready.
import type { Log } from '../lib/log.ts';
import { ensureDataFolder } from './data-folder.ts';
import type { Migration } from './migrations/migrations.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import type { Store } from './store.ts';

export interface OpenStoreOptions {
  /** Made when it does not exist. */
  dataDir: string;
  /** postgres://... */
  databaseUrl?: string | null | undefined;
  log: Log;
  now?: () => number;
  /** For tests of upgrades; the program's own by default. */
  migrations?: readonly Migration[];
}

/** @throws AtelierError storage_failed, storage_full, store_newer */
export async function openStore({
  dataDir,
  databaseUrl,
  log,
  now = Date.now,
  migrations,
}: OpenStoreOptions): Promise<Store> {
  const started = performance.now();
  await ensureDataFolder(dataDir);
  const more = migrations ? { migrations } : {};
  const store = databaseUrl
    ? await (await import('./postgres/open-postgres.ts')).openPostgres({ databaseUrl, log, now, ...more })
    : await openSqlite({ dataDir, now, ...more });
  log.debug('store opened', { kind: store.kind, ms: Math.round(performance.now() - started) });
  return store;
}
