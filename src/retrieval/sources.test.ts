// Folders, archives and addresses as sources of documents: what comes in, what changes, what stays out.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { openKnowledge, type TestKnowledge } from '../../test/open-knowledge.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import { GuardError } from '../lib/guard/guard-error.ts';
import type { GuardedFetch } from '../lib/guarded-fetch.ts';
import { createParserPool } from './parse/pool/parser-pool.ts';
import { zipOf } from './parse/testing/office-file.ts';

const parsers = createParserPool({ processes: 1 });
afterAll(() => parsers.close());

/** Address -> where it ends, what it gives. */
const pages: Record<string, { url?: string; type: string; body: string | Uint8Array; status?: number }> = {};
const guarded: GuardedFetch = {
  async fetch(url) {
    const page = pages[url];
    if (!page) throw new GuardError('address_refused', `${url} is refused.`, { url });
    const { body, headers } = new Response(page.body as string, { headers: { 'content-type': page.type } });
    const bytes = async () => (typeof page.body === 'string' ? Buffer.from(page.body) : page.body);
    return { url: page.url ?? url, status: page.status ?? 200, headers, redirects: [], body: body!, bytes };
  },
  close: async () => {},
};

let opened: TestStore;
let service: TestKnowledge;
let id: string;
let folder: string;
beforeEach(async () => {
  opened = await openTestStore();
  service = await openKnowledge(opened.store, { parsers, guarded });
  ({ id } = await service.knowledge.createCollection(me, { name: 'Sources' }));
  folder = await mkdtemp(join(tmpdir(), 'atelier-sources-'));
});
afterEach(async () => {
  await service.close();
  await opened.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function addFolder(dir = folder) {
  const task = await service.jobs.wait((await service.knowledge.addFolder(me, id, dir)).id);
  await service.idle();
  return task;
}
const paths = async () => Object.keys(await service.documents(id));

test('a folder: its files come in, and again only what changed; what is gone goes', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'atelier-outside-'));
  await writeFile(join(outside, 'secret.txt'), 'Secret.');
  const papers = join(folder, 'papers');
  await mkdir(join(papers, 'sub'), { recursive: true });
  await writeFile(join(papers, 'a.txt'), 'The walrus.');
  await writeFile(join(papers, 'sub', 'b.md'), '# The otter');
  await writeFile(join(papers, 'broken.pdf'), '%PDF-1.4 no more');
  await writeFile(join(papers, 'photo.png'), Buffer.from('\u0089PNG\r\n', 'latin1'));
  await writeFile(join(papers, '.hidden'), 'hidden');
  await symlink(outside, join(papers, 'link'));
  await symlink(join(outside, 'secret.txt'), join(papers, 'secret.txt'));
  expect(await addFolder(papers)).toMatchObject({
    status: 'complete',
    title: `${papers} → Sources`,
    result: { added: 3, changed: 0, unchanged: 0, removed: 0, skipped: 3 },
  });
  const documents = await service.documents(id);
  expect(Object.entries(documents).map(([path, { status, source }]) => [path, status, source.kind])).toEqual([
    ['papers/a.txt', 'ready', 'folder'],
    ['papers/broken.pdf', 'failed', 'folder'],
    ['papers/sub/b.md', 'ready', 'folder'],
  ]);
  await service.addTexts(id, { 'papers/own.txt': 'Added by hand.' });
  service.embedder.embedded = [];
  await writeFile(join(papers, 'a.txt'), 'The whale.');
  await rm(join(papers, 'sub', 'b.md'));
  expect(await addFolder(papers)).toMatchObject({
    result: { added: 0, changed: 1, unchanged: 1, removed: 1 },
  });
  expect(service.embedder.embedded).toContain('a\nThe whale.');
  expect(service.embedder.embedded.join()).not.toMatch(/walrus|otter/);
  expect(await paths()).toEqual(['papers/a.txt', 'papers/broken.pdf', 'papers/own.txt']);
  expect(await service.find(id, 'otter')).toEqual([]);
  await rm(outside, { recursive: true });
});

test('a folder that is not there is refused, and one that goes away drops nothing', async () => {
  await expect(service.knowledge.addFolder(me, id, join(folder, 'no'))).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(service.knowledge.addFolder(me, id, 'relative')).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await writeFile(join(folder, 'a.txt'), 'The walrus.');
  await addFolder();
  await service.close();
  service = await openKnowledge(opened.store, { parsers, guarded, start: false });
  const task = await service.knowledge.addFolder(me, id, folder);
  await rm(folder, { recursive: true });
  await service.jobs.start();
  expect(await service.jobs.wait(task.id)).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  expect(await paths()).toEqual([`${basename(folder)}/a.txt`]);
});

test('a zip: each of its files, none outside, and the archive is not kept', async () => {
  const bytes = zipOf({
    'a.txt': 'The walrus.',
    'sub/b.md': '# The otter',
    '../../evil.txt': 'evil',
    '/etc/evil.txt': 'evil',
    'photo.png': Buffer.from('\u0089PNG\r\n', 'latin1'),
    'inner.zip': zipOf({ 'c.txt': 'The seal.' }),
  });
  const archive = { path: 'papers.zip', bytes, attributes: { from: 'zip' } };
  const task = await service.jobs.wait((await service.knowledge.addZip(me, id, archive)).id);
  await service.idle();
  expect(task).toMatchObject({ status: 'complete', result: { added: 3, skipped: 3 } });
  const documents = await service.documents(id);
  expect(Object.keys(documents)).toEqual(['papers/a.txt', 'papers/inner.zip/c.txt', 'papers/sub/b.md']);
  expect(documents['papers/a.txt']).toMatchObject({
    status: 'ready',
    source: { kind: 'zip', archive: 'papers.zip' },
    attributes: { from: 'zip' },
  });
  const { sha256 } = task.payload as { sha256: string };
  await expect.poll(() => opened.store.blobs.get(sha256)).toBeNull();
  const again = await service.jobs.wait((await service.knowledge.addZip(me, id, archive)).id);
  expect(again).toMatchObject({ result: { added: 0, changed: 0, unchanged: 3 } });
});

test('an archive on its way into two collections is there for both, and goes with the last', async () => {
  const { id: other } = await service.knowledge.createCollection(me, { name: 'Other' });
  const bytes = zipOf({ 'a.txt': 'The walrus.' });
  const tasks = [];
  for (const one of [id, other])
    tasks.push(await service.knowledge.addZip(me, one, { path: 'papers.zip', bytes }));
  for (const task of tasks)
    expect(await service.jobs.wait(task.id)).toMatchObject({ status: 'complete', result: { added: 1 } });
  const { sha256 } = tasks[0]!.payload as { sha256: string };
  await expect.poll(() => opened.store.blobs.get(sha256)).toBeNull();
});

test('an archive whose job is cancelled before it begins is not kept', async () => {
  const waiting = await openKnowledge(opened.store, { parsers, guarded, start: false });
  const bytes = zipOf({ 'never.txt': 'Nobody reads this.' });
  const task = await waiting.knowledge.addZip(me, id, { path: 'never.zip', bytes });
  await waiting.jobs.cancel(task.id);
  const { sha256 } = task.payload as { sha256: string };
  await expect.poll(() => opened.store.blobs.get(sha256)).toBeNull();
  await waiting.close();
});

test('a zip that is none, and a bomb, are refused with their reason', async () => {
  const add = async (bytes: Uint8Array) =>
    service.jobs.wait((await service.knowledge.addZip(me, id, { path: 'x.zip', bytes })).id);
  expect(await add(Buffer.from('no zip'))).toMatchObject({
    status: 'failed',
    error: { code: 'document_broken' },
  });
  const bomb = zipOf({ 'zeros.txt': Buffer.alloc(150 * 1024 * 1024) });
  expect(await add(bomb)).toMatchObject({ status: 'failed', error: { code: 'document_too_large' } });
  expect(await paths()).toEqual([]);
});

test('an address: the page under its final address, in the letters that the header names', async () => {
  pages['http://example.org/a'] = {
    url: 'https://example.org/articles/?id=7#part',
    type: 'text/html; charset=iso-8859-1',
    body: Buffer.from('<p>L’entr\u00e9e', 'latin1'),
  };
  pages['https://example.org/notes.md'] = { type: 'text/markdown', body: '# Notes\n\nThe walrus.' };
  pages['https://example.org/gone'] = { type: 'text/html', body: 'Gone', status: 410 };
  pages['http://example.org/a'].body = Buffer.from(
    `<html><head><title>Accueil</title></head><body><p>L'entr\u00e9e du mus\u00e9e est libre.</p></body></html>`,
    'latin1',
  );
  const { documents, task } = await service.knowledge.addUrl(me, id, 'http://example.org/a');
  await service.jobs.wait(task!.id);
  expect(documents[0]?.path).toBe('https://example.org/articles/?id=7');
  expect((await service.documents(id))['https://example.org/articles/?id=7']).toMatchObject({
    status: 'ready',
    kind: 'html',
    title: 'Accueil',
    source: { kind: 'url', url: 'https://example.org/articles/?id=7' },
  });
  expect((await service.knowledge.passages(me, documents[0]!.id))[0]?.text).toContain("L'entrée du musée");
  const notes = await service.knowledge.addUrl(me, id, 'https://example.org/notes.md');
  await service.jobs.wait(notes.task!.id);
  expect((await service.documents(id))['https://example.org/notes.md']).toMatchObject({ kind: 'markdown' });
  expect(await service.knowledge.addUrl(me, id, 'https://example.org/notes.md')).toMatchObject({
    documents: [],
    unchanged: ['https://example.org/notes.md'],
    task: null,
  });
  await expect(service.knowledge.addUrl(me, id, 'https://example.org/gone')).rejects.toMatchObject({
    code: 'fetch_failed',
    data: { status: 410 },
  });
  await expect(service.knowledge.addUrl(me, id, 'http://169.254.169.254/')).rejects.toMatchObject({
    code: 'address_refused',
  });
});
