// Walking folders and zips: what a person put there, and nothing from elsewhere.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FolderEntry, walkFolder } from './folder-walk.ts';
import { zipOf } from './testing/office-file.ts';
import { containedName, walkZip, type ZipEntry } from './zip-walk.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-walk-'));
  folder = join(root, 'mine');
  for (const name of ['a/b', '.git', 'node_modules/x', 'c', '../other'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of [
    'é.txt',
    'a/b/deep.md',
    '.git/config',
    'node_modules/x/i.js',
    '.hidden',
    '~$open.docx',
    'c/c.txt',
    '../other/secret.txt',
  ])
    await writeFile(join(folder, name), name);
  await symlink(join(root, 'other'), join(folder, 'out'));
  await symlink(join(root, 'other', 'secret.txt'), join(folder, 'out.txt'));
  await symlink(folder, join(folder, 'c', 'loop'));
  await symlink(join(folder, 'c', 'c.txt'), join(folder, 'same.txt'));
  await symlink(join(folder, 'nowhere'), join(folder, 'dead'));
});
afterAll(() => rm(root, { recursive: true }));

async function collect<T>(walk: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of walk) all.push(one);
  return all;
}

const list = (entries: (FolderEntry | ZipEntry)[]) =>
  entries.map((entry) => (entry.type === 'file' ? entry.name : `${entry.name} (${entry.reason})`));

test('a folder: in order, without what is hidden, contained, each file once', async () => {
  const entries = await collect(walkFolder(folder));
  expect(list(entries)).toEqual([
    'a/b/deep.md',
    'c/c.txt',
    'c/loop (twice)',
    'dead (unreadable)',
    'out (outside)',
    'out.txt (outside)',
    'same.txt (twice)',
    'é.txt',
  ]);
  expect(entries[0]).toMatchObject({ size: 11, modifiedAt: expect.any(Number) });
  await expect(collect(walkFolder(join(root, 'none')))).rejects.toMatchObject({ code: 'not_found' });
  await expect(collect(walkFolder(folder, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
    code: 'cancelled',
  });
});

describe('a zip', () => {
  const walk = (bytes: Buffer, limits = {}) => collect(walkZip({ name: 'a.zip', bytes }, { limits }));

  test('gives its files and those of zips within, from bytes and from a path', async () => {
    const bytes = zipOf({
      'a/é.txt': 'un',
      '__MACOSX/x': '',
      '.DS_Store': '',
      'b.zip': zipOf({ 'c.txt': 'deux' }),
    });
    const entries = await walk(bytes);
    expect(list(entries)).toEqual(['a/é.txt', '__MACOSX/x (hidden)', '.DS_Store (hidden)', 'b.zip/c.txt']);
    expect(
      entries.flatMap((entry) => (entry.type === 'file' ? [Buffer.from(entry.bytes).toString()] : [])),
    ).toEqual(['un', 'deux']);
    const path = join(root, 'a.zip');
    await writeFile(path, bytes);
    expect(list(await collect(walkZip({ name: 'a.zip', path })))).toEqual(list(entries));
  });

  test('names of old programs are read in their code page', async () => {
    const bytes = zipOf({ 'XtX.txt': 'été' });
    for (let at = bytes.indexOf('XtX'); at >= 0; at = bytes.indexOf('XtX', at + 1))
      for (const i of [0, 2]) bytes[at + i] = 0x82;
    expect(list(await walk(bytes))).toEqual(['été.txt']);
  });

  test.each([
    ['a/b.txt', 'a/b.txt'],
    ['./a//b.txt', 'a/b.txt'],
    ['a\\b.txt', 'a/b.txt'],
    ['../a.txt', null],
    ['a/../../b.txt', null],
    ['/etc/passwd', null],
    ['C:\\a.txt', null],
    ['..\\a.txt', null],
    ['a\0.txt', null],
    ['.', null],
  ])('the name %j stays inside as %j', async (name, inside) => {
    expect(containedName(name)).toBe(inside);
    const [entry] = await walk(zipOf({ [name]: 'x' }));
    expect(entry).toMatchObject(
      inside === null ? { type: 'skipped', reason: 'outside' } : { type: 'file', name: inside },
    );
  });

  const zeros = (count: number) => Buffer.alloc(count);
  const nested = (depth: number): Buffer =>
    depth === 0 ? Buffer.from('x') : zipOf({ [depth === 1 ? 'x.txt' : 'x.zip']: nested(depth - 1) });
  test.each([
    ['one file that is nothing but zeros', zipOf({ 'a.txt': zeros(30_000_000) }), {}, 'ratio'],
    ['many files', zipOf({ a: 'a', b: 'b', c: 'c' }), { files: 2 }, 'files'],
    ['many bytes', zipOf({ a: 'aaaa', 'b.zip': zipOf({ c: 'aaaaaa' }) }), { bytes: 100 }, 'bytes'],
    ['zips in zips in zips', nested(6), {}, 'depth'],
    ['a bomb in a zip', zipOf({ 'b.zip': zipOf({ a: zeros(30_000_000) }) }), {}, 'ratio'],
  ])('%s meets a limit', async (_, bytes, limits, limit) => {
    await expect(walk(bytes, limits)).rejects.toMatchObject({ code: 'document_too_large', data: { limit } });
  });

  test('a file that is too large or damaged is left out, the others are not', async () => {
    const bytes = zipOf({ 'a.txt': 'x'.repeat(2000), 'b.txt': 'bonjour', 'c.txt': 'salut' });
    const at = bytes.indexOf('b.txt') + 5;
    bytes[at] = bytes[at]! ^ 0xff;
    expect(list(await walk(bytes, { fileBytes: 1000 }))).toEqual([
      'a.txt (too-large)',
      'b.txt (unreadable)',
      'c.txt',
    ]);
    await expect(walk(Buffer.from('PK no zip'))).rejects.toMatchObject({ code: 'document_broken' });
  });
});
