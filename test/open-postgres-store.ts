// A store on the PostgreSQL of DATABASE_URL for one test: in a schema of its own, which goes away with it.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { OpenStoreOptions } from '../src/store/open-store.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';

export async function openPostgresStore(options: Partial<OpenStoreOptions> = {}): Promise<TestStore> {
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
  return Object.assign(opened, { dispose, [Symbol.asyncDispose]: dispose });
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
