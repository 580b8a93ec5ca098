// Parsers that hang, die or eat memory: each fails alone, and the next document is read.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { makePdf } from '../testing/pdf-file.ts';
import { createParserPool, type ParserPool, type ParserPoolOptions } from './parser-pool.ts';

const MB = 1024 * 1024;
const badChild = fileURLToPath(new URL('../testing/bad-child.ts', import.meta.url));
const pools: ParserPool[] = [];

function open(options: ParserPoolOptions = {}): ParserPool {
  const pool = createParserPool({ processes: 1, ...options });
  pools.push(pool);
  return pool;
}
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

const file = (name: string, bytes: Uint8Array = Buffer.from('Bonjour.')) => ({ name, bytes });

test('documents are read from bytes and from a path', async () => {
  const pool = open();
  const folder = await mkdtemp(join(tmpdir(), 'atelier-pool-'));
  const path = join(folder, 'blob');
  await writeFile(path, 'Salut.');
  const [one, two] = await Promise.all([pool.parse(file('a.txt')), pool.parse({ name: 'b.md', path })]);
  expect([one, two].map(({ kind, blocks }) => [kind, blocks[0]?.text])).toEqual([
    ['text', 'Bonjour.'],
    ['markdown', 'Salut.'],
  ]);
  await rm(folder, { recursive: true });
  await expect(pool.parse({ name: 'c.md', path })).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(pool.parse(file('d.pdf'))).rejects.toMatchObject({ code: 'document_broken' });
});

test.each([
  ['loop', 'document_timeout'],
  ['exit', 'document_broken'],
  ['throw', 'document_broken'],
  ['heap', 'document_too_large'],
  ['buffers', 'document_too_large'],
])('a parser that does "%s" fails as %s, and the next document is read', async (name, code) => {
  const pool = open({
    entry: badChild,
    limits: { timeoutMs: name === 'loop' ? 3000 : 20_000, memoryBytes: 128 * MB },
  });
  const bad = pool.parse(file(name));
  const good = pool.parse(file('good'));
  await expect(bad).rejects.toMatchObject({ code, data: { name } });
  await expect(good).resolves.toMatchObject({ title: 'good' });
});

test('cancelling ends the one that runs and takes the one that waits from the queue', async () => {
  const pool = open({ entry: badChild });
  const running = new AbortController();
  const waiting = new AbortController();
  const looping = pool.parse(file('loop'), { signal: running.signal });
  const queued = pool.parse(file('loop'), { signal: waiting.signal });
  const good = pool.parse(file('good'));
  waiting.abort();
  await expect(queued).rejects.toMatchObject({ code: 'cancelled' });
  running.abort();
  await expect(looping).rejects.toMatchObject({ code: 'cancelled' });
  await expect(good).resolves.toMatchObject({ title: 'good' });
  await expect(pool.parse(file('good'), { signal: running.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('closing ends all, at once', async () => {
  const pool = open({ entry: badChild });
  const open_ = [pool.parse(file('loop')), pool.parse(file('good'))].map((one) =>
    expect(one).rejects.toMatchObject({ code: 'cancelled' }),
  );
  await pool.close();
  await Promise.all(open_);
  await expect(pool.parse(file('good'))).rejects.toMatchObject({ code: 'cancelled' });
});

test('a PDF that unpacks to half a gigabyte meets the limit of memory', async () => {
  const pool = open({ limits: { memoryBytes: 200 * MB } });
  const content = deflateSync(Buffer.alloc(500 * MB, 32), { level: 1 });
  const bytes = makePdf([{ lines: [], content }], { filter: 'FlateDecode' });
  expect(bytes.length).toBeLessThan(6 * MB);
  await expect(pool.parse(file('bomb.pdf', bytes))).rejects.toMatchObject({ code: 'document_too_large' });
});

test('a process has no rights but reading', async () => {
  const pool = open({ entry: badChild });
  await expect(pool.parse(file('write'))).rejects.toMatchObject({
    code: 'document_broken',
    data: { why: expect.stringContaining('code 13') },
  });
});
