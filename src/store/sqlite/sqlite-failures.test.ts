// What goes wrong with a file: a full disk, a damaged file, a folder that is none. Nothing acknowledged is lost by it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { dataFolderError } from '../data-folder.ts';
import { sqliteError } from './errors.ts';

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

const put = (key: string, value = '') => opened.store.db.insertInto('settings').values({ key, value });
const keys = async () =>
  (await opened.store.db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key);

test('a full disk refuses what does not fit, keeps what does, and goes on when there is space again', async () => {
  const { store } = opened;
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
  // SQLite's own limit ends in the same code path as a disk without space.
  await sql.raw(`pragma max_page_count = ${(pages.rows[0]?.page_count ?? 0) + 10}`).execute(store.db);
  const outcomes = await Promise.allSettled([
    store.write([put('before')]),
    store.write([put('half'), put('large', 'x'.repeat(1_000_000))]),
    store.write([put('after')]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({
    reason: {
      code: 'storage_full',
      retryable: true,
      message: expect.stringMatching(/atelier\.db is full; nothing .* Free some space/),
    },
  });
  expect(await keys()).toEqual(['after', 'before']);
  await sql.raw('pragma max_page_count = 1000000').execute(store.db);
  await store.write([put('large', 'x'.repeat(1_000_000))]);
  expect(await keys()).toEqual(['after', 'before', 'large']);
});

test('a file that is no database is named, with what to do', async () => {
  await opened.store.close();
  await writeFile(join(opened.dataDir, 'atelier.db'), 'This is a letter and no database.'.repeat(100));
  await expect(opened.reopen()).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(/atelier\.db is damaged .* backup/),
  });
});

test('a folder in the place of the file is named', async () => {
  const dataDir = join(opened.dataDir, 'other');
  await mkdir(join(dataDir, 'atelier.db'), { recursive: true });
  await expect(opened.reopen({ dataDir })).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining('cannot be opened'),
  });
});

test('every failure of a disk has a code and a next step', () => {
  const code = (errcode: number) => sqliteError({ message: 'm', errcode }, '/data/atelier.db').code;
  expect([13, 8, 11, 14, 26, 10, 5, 2067, 1555, 787, 1299, 1].map(code)).toEqual([
    'storage_full',
    'storage_failed',
    'storage_failed',
    'storage_failed',
    'storage_failed',
    'storage_failed',
    'storage_failed',
    'conflict',
    'conflict',
    'conflict',
    'internal',
    'internal',
  ]);
  const folder = (code: string) => dataFolderError(Object.assign(new Error(code), { code }), '/data');
  expect(folder('EACCES')).toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining('the right to write'),
  });
  expect(folder('EROFS').code).toBe('storage_failed');
  expect(folder('ENOSPC')).toMatchObject({
    code: 'storage_full',
    message: expect.stringContaining('Free some space'),
  });
});
