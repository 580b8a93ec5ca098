// The files of a run: what may be named, what is refused, and that a change happens once a call also after a kill.
import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from '../../contracts/tool.ts';
import { sha256 } from './call-journal.ts';
import { createWorkspaces } from './create-workspaces.ts';

let root: string;
let files: string;
let workspace: Workspace;
const text = async (path: string) => new TextDecoder().decode(await workspace.read(path));
/** As a new process sees it. */
const reopen = async () => {
  workspace = await createWorkspaces({ root }).open('run_1');
};
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-workspace-'));
  files = join(root, 'run_1', 'files');
  await reopen();
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('files are written, read, appended, listed and deleted; folders come and go with them', async () => {
  await workspace.write('notes/été.md', 'one\n');
  expect(await workspace.append('notes/été.md', 'two\n')).toMatchObject({ path: 'notes/été.md', bytes: 8 });
  expect(await text('./notes/e\u0301te\u0301.md')).toBe('one\ntwo\n');
  expect((await workspace.list()).map(({ path, kind }) => [path, kind])).toEqual([
    ['notes', 'folder'],
    ['notes/été.md', 'file'],
  ]);
  await workspace.delete('notes/été.md');
  expect(await workspace.list()).toEqual([]);
  await expect(workspace.read('notes/été.md')).rejects.toMatchObject({ code: 'not_found' });
});

test.each([
  '..',
  '../x',
  'a/../../x',
  'a/..',
  'a/./b',
  '/etc/passwd',
  '//server/share',
  'C:/Windows/win.ini',
  'c:evil',
  'C:\\x',
  '\\\\?\\C:\\x',
  'a\\..\\..\\x',
  '..\\x',
  'a\0.txt',
  'a\n.txt',
  'evil\u202Etxt.exe',
  'file.txt:stream',
  'NUL',
  'con.txt',
  'a/COM1.log',
  'LPT9',
  'trailing.',
  'trailing ',
  'a//b',
  'a*b',
  'x\ud800',
  `${'a/'.repeat(12)}b`,
  'n'.repeat(201),
])('the path %j is refused for every operation', async (path) => {
  const refused = { code: 'path_refused' };
  await expect(workspace.write(path, 'x')).rejects.toMatchObject(refused);
  await expect(workspace.append(path, 'x')).rejects.toMatchObject(refused);
  await expect(workspace.read(path)).rejects.toMatchObject(refused);
  await expect(workspace.list(path)).rejects.toMatchObject(refused);
  await expect(workspace.delete(path)).rejects.toMatchObject(refused);
  expect(await readdir(files)).toEqual([]);
});

test('a link in the folder leads nowhere, whatever it is: to a file, to a folder, broken, or a second name', async () => {
  const secret = join(root, 'secret.txt');
  await writeFile(secret, 'secret');
  await mkdir(join(root, 'outside'));
  await symlink(secret, join(files, 'file-link'));
  await symlink(join(root, 'outside'), join(files, 'folder-link'));
  await symlink(join(root, 'outside', 'new.txt'), join(files, 'broken-link'));
  await link(secret, join(files, 'hard-link'));
  for (const path of ['file-link', 'folder-link/new.txt', 'broken-link', 'hard-link']) {
    await expect(workspace.read(path)).rejects.toMatchObject({ code: 'path_refused' });
    await expect(workspace.write(path, 'x')).rejects.toMatchObject({ code: 'path_refused' });
    await expect(workspace.append(path, 'x')).rejects.toMatchObject({ code: 'path_refused' });
    await expect(workspace.delete(path)).rejects.toMatchObject({ code: 'path_refused' });
  }
  expect(await readFile(secret, 'utf8')).toBe('secret');
  expect(await readdir(join(root, 'outside'))).toEqual([]);
});

test.each(['../run_2', 'a/b', '', '.', 'x\0'])('%j is no id of a run', async (id) => {
  await expect(async () => createWorkspaces({ root }).open(id)).rejects.toMatchObject({
    code: 'path_refused',
  });
});

test('two runs do not see each other', async () => {
  await workspace.write('a.txt', 'mine');
  const other = await createWorkspaces({ root }).open('run_2');
  expect(await other.list()).toEqual([]);
});

test('size, number of files and size of one file have limits, and a refused write changes nothing', async () => {
  const small = await createWorkspaces({ root, maxBytes: 100, maxFiles: 2, maxFileBytes: 80 }).open('run_3');
  await small.write('a', 'x'.repeat(60));
  const full = { code: 'workspace_full' };
  await expect(small.write('b', 'x'.repeat(81))).rejects.toMatchObject(full);
  await expect(small.write('b', 'x'.repeat(50))).rejects.toMatchObject(full);
  await expect(small.append('a', 'x'.repeat(50))).rejects.toMatchObject(full);
  await small.write('a', 'y'.repeat(70));
  await small.write('b', 'x');
  await expect(small.write('c', 'x')).rejects.toMatchObject(full);
  await expect(small.write('deep/er/c', 'x')).rejects.toMatchObject(full);
  expect(await small.usage()).toEqual({ bytes: 71, maxBytes: 100, files: 2, maxFiles: 2 });
  expect((await small.list()).map(({ path }) => path)).toEqual(['a', 'b']);
});

test('fifty appends at once come out whole', async () => {
  await Promise.all(Array.from({ length: 50 }, (_, n) => workspace.append('log', `line ${n}\n`)));
  expect((await text('log')).split('\n').filter(Boolean)).toHaveLength(50);
});

test('the same call changes a file once, also for another process', async () => {
  await workspace.append('log', 'one\n', 'call_1');
  await workspace.append('log', 'one\n', 'call_1');
  await reopen();
  await workspace.append('log', 'one\n', 'call_1');
  await workspace.append('log', 'two\n', 'call_2');
  expect(await text('log')).toBe('one\ntwo\n');
  await workspace.write('state', 'a', 'call_3');
  await workspace.write('state', 'b');
  await workspace.write('state', 'a', 'call_3');
  expect(await text('state')).toBe('b');
  await workspace.delete('state', 'call_4');
  await workspace.delete('state', 'call_4');
  await expect(workspace.append('log', 'other\n', 'call_1')).rejects.toMatchObject({ code: 'conflict' });
});

/** What a process leaves that was killed after its record and `written` bytes of the line. */
const killedAppend = async (written: number) => {
  await workspace.append('log', 'one\n', 'call_1');
  const line = 'the second line\n';
  const record = {
    callId: 'call_2',
    kind: 'append',
    path: 'log',
    sizeBefore: 4,
    bytes: 16,
    sha256: sha256(Buffer.from(line)),
  };
  await writeFile(
    join(root, 'run_1', 'calls', `${sha256(Buffer.from('call_2')).slice(0, 40)}.pending`),
    JSON.stringify(record),
  );
  await writeFile(join(files, 'log'), `one\n${line.slice(0, written)}`);
  await reopen();
};

test.each([0, 1, 15, 16])(
  'an append that was killed after %i of 16 bytes is there once when it is repeated',
  async (written) => {
    await killedAppend(written);
    expect(await text('log')).toBe(written === 16 ? 'one\nthe second line\n' : 'one\n');
    await workspace.append('log', 'the second line\n', 'call_2');
    await workspace.append('log', 'three\n', 'call_3');
    await workspace.append('log', 'the second line\n', 'call_2');
    expect(await text('log')).toBe('one\nthe second line\nthree\n');
  },
);

test('a record that was killed while it was written stands for nothing', async () => {
  await writeFile(join(root, 'run_1', 'calls', 'abc.pending'), '{"callId":"c');
  await reopen();
  expect(await readdir(join(root, 'run_1', 'calls'))).toEqual([]);
});

test('a removed run leaves nothing', async () => {
  await workspace.write('a', 'x');
  await createWorkspaces({ root }).remove('run_1');
  expect(await readdir(root)).toEqual([]);
});
