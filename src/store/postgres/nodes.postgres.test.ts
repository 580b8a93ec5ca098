// What only a server shows: nodes that start together, a lost connection, an address that leads nowhere.
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import type { TestStore } from '../../../test/open-test-store.ts';
import { silentLog } from '../../lib/log.ts';
import { migrations } from '../migrations/migrations.ts';
import { openStore } from '../open-store.ts';

let opened: TestStore;
beforeEach(async () => {
  opened = await openPostgresStore();
});
afterEach(() => opened.dispose());

const put = (key: string) => opened.store.db.insertInto('settings').values({ key, value: '' });
const urlOfSchema = async () => {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(opened.store.db);
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.searchParams.set('options', `-c search_path=${rows[0]?.schema}`);
  return url.href;
};

test('three nodes that start together on an empty database migrate it once', async () => {
  const databaseUrl = await urlOfSchema();
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = current_schema()`.execute(opened.store.db);
  await sql.raw(`drop table ${rows.map(({ name }) => name).join(', ')} cascade`).execute(opened.store.db);
  const nodes = await Promise.all(
    [1, 2, 3].map(() => openStore({ dataDir: opened.dataDir, databaseUrl, log: silentLog })),
  );
  for (const node of nodes) {
    expect(await node.db.selectFrom('migrations').select('number').execute()).toEqual(
      migrations.map(({ number }) => ({ number })),
    );
    await node.close();
  }
});

test('two nodes that lock the same rows the other way round both get through', async () => {
  const other = await openStore({
    dataDir: opened.dataDir,
    databaseUrl: await urlOfSchema(),
    log: silentLog,
  });
  await opened.store.write([put('a'), put('b')]);
  const count = (store: typeof other, key: string, mark: string) =>
    store.db
      .updateTable('settings')
      .set((row) => ({ value: sql`${row.ref('value')} || ${mark}` }))
      .where('key', '=', key);
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await Promise.all([
        opened.store.write([count(opened.store, 'a', 'x'), count(opened.store, 'b', 'x')]),
        other.write([count(other, 'b', 'y'), count(other, 'a', 'y')]),
      ]);
    }),
  );
  const rows = await opened.store.db.selectFrom('settings').select('value').execute();
  expect(rows.map(({ value }) => value.length)).toEqual([40, 40]);
  await other.close();
}, 60_000);

test('a connection that is lost fails at most the call under way, and the next one finds a new one', async () => {
  await opened.store.write([put('before')]);
  await opened.store.db.selectFrom('settings').selectAll().execute();
  const killer = await openStore({
    dataDir: opened.dataDir,
    databaseUrl: process.env.DATABASE_URL,
    log: silentLog,
  });
  const cut = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'atelier' and pid != pg_backend_pid() and datname = current_database()`.execute(
      killer.db,
    );
  const under = opened.store.write([
    put('slow'),
    { compile: () => sql`select pg_sleep(5)`.compile(opened.store.db) },
  ]);
  const refused = expect(under).rejects.toMatchObject({ code: 'storage_failed', retryable: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await cut();
  await refused;
  await opened.store.write([put('after')]);
  await cut();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const rows = await opened.store.db.selectFrom('settings').select('key').orderBy('key').execute();
  expect(rows.map(({ key }) => key)).toEqual(['after', 'before']);
  await killer.close();
});

test('a server that is not there, and one that refuses, are one sentence without the password', async () => {
  const open = (change: (url: URL) => void) => {
    const url = new URL(process.env.DATABASE_URL ?? '');
    change(url);
    return openStore({ dataDir: opened.dataDir, databaseUrl: url.href, log: silentLog });
  };
  await expect(
    open((url) => {
      url.host = '127.0.0.1:9';
      url.password = 'hush-hush';
    }),
  ).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(
      /^The PostgreSQL server 127\.0\.0\.1:9\/\w+ does not answer .* DATABASE_URL names it\.$/,
    ),
  });
  await expect(
    open((url) => {
      url.pathname = '/no_such_database';
    }),
  ).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(/refuses: .*no_such_database/),
  });
});
