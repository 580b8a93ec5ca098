// A store on the PostgreSQL of DATABASE_URL for one test: in a schema of its own, which goes away with it.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { silentLog } from '../src/lib/log.ts';
import { type OpenStoreOptions, openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';

export interface PostgresTestStore extends TestStore {
  /** Opens the same data as another program, which whoever asks for it closes. */
  another(): Promise<Store>;
}

export async function openPostgresStore(options: Partial<OpenStoreOptions> = {}): Promise<PostgresTestStore> {
  const address = process.env.DATABASE_URL;
  if (!address)
    throw new Error(
      'DATABASE_URL is not set; run: node scripts/postgres.mjs -- npx vitest run --project postgres',
    );
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(address, `create schema ${schema}`);
  const url = new URL(address);
  url.searchParams.set('options', `-c search_path=${schema}`);
  const opened = await openTestStore({ databaseUrl: url.href, ...options });
  const disposeStore = opened.dispose;
  const dispose = async () => {
    await disposeStore();
    await onServer(address, `drop schema ${schema} cascade`);
  };
  const another = () =>
    openStore({ dataDir: opened.dataDir, databaseUrl: url.href, log: silentLog, ...options });
  return Object.assign(opened, { another, dispose, [Symbol.asyncDispose]: dispose });
}

async function onServer(address: string, statement: string): Promise<void> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
