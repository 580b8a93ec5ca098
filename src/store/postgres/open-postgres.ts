// PostgreSQL as the store of a server.
import { AtelierError } from '../../contracts/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Migration } from '../migrations/migrations.ts';
import type { Store } from '../store.ts';

export interface OpenPostgresOptions {
  databaseUrl: string;
  log: Log;
  now: () => number;
  migrations?: readonly Migration[];
}

export async function openPostgres(_options: OpenPostgresOptions): Promise<Store> {
  throw new AtelierError('storage_failed', 'PostgreSQL is not built yet; unset DATABASE_URL.');
}
