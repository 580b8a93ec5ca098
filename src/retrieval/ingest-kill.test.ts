// kill -9 in the middle of adding and reading: what was acknowledged is there once, is read in the end, and the indexes
// agree with the rows. 3 times, 10 in the long run; ATELIER_KILLS sets another number.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../../test/children/start-child.ts';
import { openKnowledge, textDocuments } from '../../test/open-knowledge.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import { createParserPool } from './parse/pool/parser-pool.ts';
import { createWordEmbedder } from './testing/word-embedder.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 10 : 3));

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());

interface Told {
  path: string;
  sha256: string | null;
}

test(
  `nothing acknowledged is lost or doubled in ${kills} kills`,
  async () => {
    const parsers = createParserPool({ processes: 1 });
    const first = await openKnowledge(opened.store, { parsers, start: false });
    const { id } = await first.knowledge.createCollection(me, { name: 'Killed' });
    await first.close();
    /** Path -> the bytes that were acknowledged last. */
    const acknowledged = new Map<string, string>();
    let round = 0;
    for (let kill = 0; kill < kills; kill++) {
      await opened.store.close();
      const child = startChild('ingest-documents', [opened.dataDir, id, String(round)]);
      await child.nextLine();
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 900));
      await child.kill();
      for (const line of child.lines) {
        const { path, sha256 } = JSON.parse(line) as Told;
        if (sha256 !== null) acknowledged.set(path, sha256);
      }
      round += child.lines.length;

      const after = await openKnowledge(await opened.reopen(), { parsers });
      await after.idle();
      const documents = Object.values(await after.documents(id));
      expect(new Set(documents.map(({ path }) => path)).size).toBe(documents.length);
      const byPath = new Map(documents.map((document) => [document.path, document]));
      for (const [path, sha256] of acknowledged) {
        const document = byPath.get(path);
        expect(document, `${path} was acknowledged and is lost`).toBeDefined();
        // The write after the last that was told may have been stored.
        if (document?.sha256 !== sha256) expect(path).toMatch(/^(again|broken)-/);
        expect([path, document?.status]).toEqual([path, path.endsWith('.pdf') ? 'failed' : 'ready']);
      }
      expect(await after.knowledge.check({ repair: false })).toMatchObject({ faults: [] });
      for (const document of documents.filter(({ status }) => status === 'ready')) {
        const passages = await after.knowledge.passages(me, document.id);
        expect(passages.length).toBe(document.passages);
        expect(new Set(passages.map((passage) => passage.id)).size).toBe(passages.length);
      }
      const newest = documents.filter(({ path }) => path.startsWith('new-')).at(-1);
      expect(await after.find(id, `round ${newest?.path.match(/\d+/)?.[0]} new`)).toContain(newest?.path);
      await after.close();
    }
    expect(acknowledged.size).toBeGreaterThan(kills * 2);
    await parsers.close();
  },
  15_000 + kills * 15_000,
);

test('a program that stops in the middle goes on where it was, with every vector', async () => {
  const parsers = createParserPool({ processes: 1 });
  const first = await openKnowledge(await opened.reopen(), {
    parsers,
    embedder: createWordEmbedder({ delayMs: 40 }),
  });
  const { id } = await first.knowledge.createCollection(me, { name: 'Stopped' });
  const texts = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.txt`, `Text ${i}.`]));
  await first.knowledge.add(me, id, textDocuments(texts));
  const ready = async () => (await first.knowledge.getCollection(me, id)).documents.ready;
  await expect.poll(ready, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
  await first.close();
  const second = await openKnowledge(await opened.reopen(), { parsers });
  const waiting = (await second.knowledge.getCollection(me, id)).documents.waiting;
  expect(waiting).toBeGreaterThan(0);
  await second.idle();
  const [task] = (await second.jobs.list()).filter((one) => one.payload.collectionId === id);
  expect(task).toMatchObject({ status: 'complete', progress: { done: 20, total: 20 } });
  expect(await second.knowledge.getCollection(me, id)).toMatchObject({ documents: { total: 20, ready: 20 } });
  expect(Object.values(await second.documents(id)).flatMap(({ warnings }) => warnings)).toEqual([]);
  await second.close();
  await parsers.close();
});
