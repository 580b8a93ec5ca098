// Documents on their way into a collection: what is acknowledged, what changes, what fails alone, what can be stopped.
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localIdentity as me } from '../../src/contracts/identity.ts';
import { createParserPool } from '../../src/retrieval/parse/pool/parser-pool.ts';
import { createWordEmbedder } from '../../src/retrieval/testing/word-embedder.ts';
import { openKnowledge, type TestKnowledge, textDocuments } from '../open-knowledge.ts';
import type { TestStore } from '../open-test-store.ts';

export function ingestSuite(name: string, open: () => Promise<TestStore>): void {
  describe(name, () => {
    const parsers = createParserPool({ processes: 1 });
    afterAll(() => parsers.close());
    let opened: TestStore;
    let service: TestKnowledge;
    let id: string;
    beforeEach(async () => {
      opened = await open();
      service = await openKnowledge(opened.store, { parsers });
      ({ id } = await service.knowledge.createCollection(me, { name: 'Papers' }));
    });
    afterEach(async () => {
      await service.close();
      await opened.dispose();
    });

    async function reopen(options: Parameters<typeof openKnowledge>[1] = {}) {
      await service.close();
      service = await openKnowledge(opened.store, { parsers, ...options });
    }
    const statuses = async () =>
      Object.fromEntries(
        Object.entries(await service.documents(id)).map(([path, { status }]) => [path, status]),
      );
    const blob = (sha256: string) => opened.store.blobs.get(sha256);
    const until = (look: () => Promise<void>) =>
      expect
        .poll(
          () =>
            look().then(
              () => true,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);

    test('what was added is read, found, and told with its figures', async () => {
      const { documents, task } = await service.knowledge.add(me, id, [
        {
          path: 'notes/Été.md',
          bytes: Buffer.from('# Congés\n\nLe report des congés payés.'),
          attributes: { year: 2024 },
        },
        {
          path: 'b.txt',
          bytes: (async function* () {
            yield Buffer.from('The cat ');
            yield Buffer.from('sleeps.');
          })(),
        },
      ]);
      expect(documents.map(({ path, status, attributes }) => [path, status, attributes])).toEqual([
        ['notes/Été.md', 'queued', { year: 2024 }],
        ['b.txt', 'queued', {}],
      ]);
      expect(await service.jobs.wait(task!.id)).toMatchObject({
        status: 'complete',
        title: 'Papers',
        progress: { done: 2, total: 2, unit: 'items' },
        result: {
          read: 2,
          failed: 0,
          withoutVectors: 0,
          passages: 2,
          embedded: 2,
          embeddingUnavailable: null,
        },
      });
      expect((await service.documents(id))['notes/Été.md']).toMatchObject({
        status: 'ready',
        kind: 'markdown',
        title: 'Congés',
        passages: 1,
        error: null,
        warnings: [],
      });
      expect(await service.knowledge.getCollection(me, id)).toMatchObject({
        embeddingModel: 'local/words',
        documents: { total: 2, ready: 2, waiting: 0, failed: 0 },
        passages: 2,
      });
      expect(await service.find(id, 'congé')).toEqual(['notes/Été.md']);
      const first = documents[0]!.id;
      expect(await service.knowledge.parsed(me, first)).toMatchObject({ kind: 'markdown', title: 'Congés' });
      expect((await service.knowledge.passages(me, first))[0]?.text).toContain('report des congés');
      const original = await service.knowledge.original(me, first);
      expect(original).toMatchObject({ name: 'Été.md', mediaType: 'text/markdown' });
      const parts: Uint8Array[] = [];
      for await (const part of original.bytes) parts.push(part);
      expect(Buffer.concat(parts).toString()).toContain('# Congés');
    });

    test('added again: the same bytes are left alone, other bytes take the place, only what changed is embedded', async () => {
      const parts = (last: string) =>
        `${['one', 'two', 'three']
          .map((word) => `# ${word}\n\n${`The ${word} stays as it is. `.repeat(30)}`)
          .join('\n\n')}\n\n# last\n\n${`${last} `.repeat(60)}`;
      await service.addTexts(id, { 'a.md': parts('apple'), 'b.txt': 'Same.' });
      const before = await service.documents(id);
      service.embedder.embedded = [];
      const { documents, unchanged, task } = await service.knowledge.add(
        me,
        id,
        textDocuments({ 'a.md': parts('pear'), 'b.txt': 'Same.' }),
      );
      expect([documents.map(({ id }) => id), unchanged]).toEqual([[before['a.md']!.id], ['b.txt']]);
      await service.jobs.wait(task!.id);
      // Besides them its title and headings may be embedded.
      const { embedded } = service.embedder;
      expect(embedded.filter((text) => text.includes('pear'))).toHaveLength(1);
      expect(embedded.filter((text) => text.includes('stays'))).toEqual([]);
      expect(await service.find(id, 'apple')).toEqual([]);
      expect((await service.find(id, 'pear'))[0]).toBe('a.md');
      await until(async () => expect(await blob(before['a.md']!.sha256)).toBeNull());
      expect((await service.knowledge.add(me, id, textDocuments({ 'b.txt': 'Same.' }))).task).toBeNull();
    });

    test('the old passages are found until the new ones are there', async () => {
      await service.addTexts(id, { 'a.txt': 'The old word is walrus.' });
      await reopen({ start: false });
      await service.knowledge.add(me, id, textDocuments({ 'a.txt': 'The new word is otter.' }));
      expect((await service.documents(id))['a.txt']).toMatchObject({ status: 'queued', passages: 1 });
      expect(await service.find(id, 'walrus')).toEqual(['a.txt']);
      await service.jobs.start();
      await service.knowledge.start();
      await service.idle();
      expect([await service.find(id, 'walrus'), await service.find(id, 'otter')]).toEqual([[], ['a.txt']]);
    });

    test('a document that cannot be read says why and harms no other; retry reads it again', async () => {
      const { task } = await service.knowledge.add(me, id, [
        { path: 'good.txt', bytes: Buffer.from('A good one.') },
        { path: 'broken.pdf', bytes: Buffer.from('%PDF-1.7 and no more') },
        { path: 'picture.png', bytes: Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1') },
        { path: 'empty.txt', bytes: Buffer.alloc(0) },
      ]);
      expect(await service.jobs.wait(task!.id)).toMatchObject({
        status: 'complete',
        result: { read: 1, failed: 3 },
      });
      const documents = await service.documents(id);
      expect(
        Object.fromEntries(
          Object.entries(documents).map(([path, { status, error }]) => [path, error?.code ?? status]),
        ),
      ).toEqual({
        'good.txt': 'ready',
        'broken.pdf': 'document_broken',
        'picture.png': 'document_unsupported',
        'empty.txt': 'document_empty',
      });
      await expect(service.knowledge.parsed(me, documents['broken.pdf']!.id)).rejects.toMatchObject({
        code: 'conflict',
      });
      const retried = await service.knowledge.retryDocument(me, documents['broken.pdf']!.id);
      expect(await service.jobs.wait(retried.id)).toMatchObject({ result: { read: 0, failed: 1 } });
      await service.addTexts(id, { 'good.txt': '%PDF-1.4 was good once' });
      expect(await statuses()).toMatchObject({ 'good.txt': 'failed' });
      expect(await service.find(id, 'good')).toEqual([]);
    });

    test('paths stay inside, and what is larger than the limit is refused', async () => {
      for (const path of ['../a.txt', '/etc/passwd', 'a/../../b', 'C:\\a.txt', '', 'a\0b'])
        await expect(
          service.knowledge.add(me, id, [{ path, bytes: Buffer.from('x') }]),
        ).rejects.toMatchObject({
          code: 'path_refused',
        });
      const { documents } = await service.knowledge.add(me, id, textDocuments({ './a//b\\c.txt': 'x' }));
      expect(documents[0]?.path).toBe('a/b/c.txt');
      const endless = (async function* () {
        for (;;) yield new Uint8Array(64 * 1024 * 1024);
      })();
      const added = service.knowledge.add(me, id, [
        { path: 'ok.txt', bytes: Buffer.from('ok') },
        { path: 'big.bin', bytes: endless },
      ]);
      await expect(added).rejects.toMatchObject({ code: 'payload_too_large', data: { name: 'big.bin' } });
      await service.idle();
      expect(await statuses()).toEqual({ 'a/b/c.txt': 'ready', 'ok.txt': 'ready' });
    });

    test('cancelled documents are kept for later; paused work goes on where it was', async () => {
      await reopen({ embedder: createWordEmbedder({ delayMs: 30 }) });
      const texts = Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [`${i + 10}.txt`, `Number ${i}.`]),
      );
      const { task } = await service.knowledge.add(me, id, textDocuments(texts));
      const ready = async () => Object.values(await statuses()).filter((status) => status === 'ready').length;
      await until(async () => expect(await ready()).toBeGreaterThan(1));
      await service.jobs.pause(task!.id);
      const paused = await statuses();
      expect(new Set(Object.values(paused))).toEqual(new Set(['ready', 'queued']));
      expect((await service.knowledge.add(me, id, textDocuments({ '99.txt': 'Late.' }))).task).toMatchObject({
        id: task!.id,
        status: 'paused',
      });
      await service.jobs.resume(task!.id);
      await until(async () =>
        expect(await ready()).toBeGreaterThan(
          Object.values(paused).filter((status) => status === 'ready').length,
        ),
      );
      await service.jobs.cancel(task!.id);
      const cancelled = Object.entries(await statuses()).filter(([, status]) => status === 'cancelled');
      expect(cancelled.length + (await ready())).toBe(13);
      expect(cancelled.length).toBeGreaterThan(0);
      const again = await service.knowledge.add(me, id, textDocuments({ ...texts, '99.txt': 'Late.' }));
      expect(again.documents.length).toBe(cancelled.length);
      expect(await service.jobs.wait(again.task!.id)).toMatchObject({ status: 'complete' });
      expect(await ready()).toBe(13);
    });

    test('a path of any length is one document, listed in its order and found again', async () => {
      // Random, so that no index can make it short by compressing it.
      const query = Array.from({ length: 180 }, (_, i) =>
        createHash('sha256').update(String(i)).digest('hex'),
      ).join('');
      const address = (end: string) => `https://example.org/?q=${query}${end}`;
      const page = (end: string, text: string) => ({
        path: address(end),
        bytes: Buffer.from(text),
        source: { kind: 'url' as const, url: address(end) },
      });
      const { task } = await service.knowledge.add(me, id, [page('b', 'Two.'), page('a', 'One.')]);
      expect(await service.jobs.wait(task!.id)).toMatchObject({ status: 'complete' });
      const again = await service.knowledge.add(me, id, [page('a', 'One.')]);
      expect(again.unchanged).toEqual([address('a')]);
      await service.addTexts(id, { 'z.txt': 'Z.' });
      const first = await service.knowledge.listDocuments(me, id, { limit: 1 });
      const rest = await service.knowledge.listDocuments(me, id, { limit: 5, cursor: first.nextCursor! });
      expect([...first.documents, ...rest.documents].map(({ path }) => path)).toEqual([
        address('a'),
        address('b'),
        'z.txt',
      ]);
    });

    test('some documents are cancelled, and the reading of the others goes on', async () => {
      await reopen({ embedder: createWordEmbedder({ delayMs: 80 }) });
      const texts = (from: number) =>
        Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${from + i}.txt`, `Number ${from + i}.`]));
      const kept = await service.knowledge.add(me, id, textDocuments(texts(10)));
      const batch = await service.knowledge.add(me, id, textDocuments(texts(20)));
      expect(batch.task?.id).toBe(kept.task?.id);
      const ids = batch.documents.map((document) => document.id);
      await expect(
        service.knowledge.cancelDocuments({ ...me, userId: 'usr_other' }, id, ids),
      ).rejects.toMatchObject({ code: 'not_found' });
      await service.knowledge.cancelDocuments(me, id, ids);
      expect(await service.jobs.wait(batch.task!.id)).toMatchObject({ status: 'complete' });
      const after = await statuses();
      const of = (paths: object) => new Set(Object.keys(paths).map((path) => after[path]));
      expect(of(texts(10))).toEqual(new Set(['ready']));
      expect(of(texts(20))).toEqual(new Set(['cancelled']));
      expect((await service.find(id, 'number')).sort()).toEqual(Object.keys(texts(10)));
    });

    test('a queued job that is cancelled cancels its documents too', async () => {
      await reopen({ start: false });
      const { task } = await service.knowledge.add(me, id, textDocuments({ 'a.txt': 'A.' }));
      await service.jobs.cancel(task!.id);
      await until(async () => expect(await statuses()).toEqual({ 'a.txt': 'cancelled' }));
    });

    test('what is added while a job reads is its work too, and nothing is forgotten', async () => {
      const tasks = new Set<string>();
      for (let round = 0; round < 25; round++) {
        const { task } = await service.knowledge.add(
          me,
          id,
          textDocuments({ [`${round}.txt`]: `Round ${round}.` }),
        );
        tasks.add(task!.id);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      }
      await Promise.all([...tasks].map((task) => service.jobs.wait(task)));
      expect(new Set(Object.values(await statuses()))).toEqual(new Set(['ready']));
      const found = await service.knowledge.search(me, {
        collectionIds: [id],
        query: 'round',
        limit: 100,
        source: 'api',
      });
      expect(found.hits.length).toBe(25);
    });

    test('without an embedding model documents are found by words, and get their vectors when there is one', async () => {
      service.embedder.here = false;
      const task = await service.addTexts(id, { 'a.txt': 'The walrus sleeps.' });
      expect(task).toMatchObject({
        status: 'complete',
        result: { read: 1, withoutVectors: 1, embeddingUnavailable: { code: 'download_failed' } },
      });
      expect((await service.documents(id))['a.txt']).toMatchObject({
        status: 'ready',
        warnings: [{ code: 'no_vectors' }],
      });
      expect(await service.knowledge.getCollection(me, id)).toMatchObject({ embeddingModel: null });
      const search = { collectionIds: [id], query: 'walrus', source: 'api' };
      const lexical = await service.knowledge.search(me, search);
      expect(lexical).toMatchObject({
        mode: 'lexical',
        hits: [{ path: 'a.txt' }],
        notes: [expect.stringContaining('by words only')],
      });
      service.embedder.here = true;
      service.modelsChanged();
      await until(async () => expect((await service.documents(id))['a.txt']?.warnings).toEqual([]));
      await service.idle();
      expect(await service.knowledge.search(me, search)).toMatchObject({
        mode: 'hybrid',
        notes: [],
        hits: [{ scores: { vector: expect.any(Number) } }],
      });
      expect(await service.knowledge.check({ repair: false })).toMatchObject({ faults: [] });
    });

    test('bytes are freed when nobody uses them, and not before', async () => {
      const other = await service.knowledge.createCollection(me, { name: 'Other' });
      await service.addTexts(id, { 'a.txt': 'Shared bytes.' });
      await service.addTexts(other.id, { 'b.txt': 'Shared bytes.' });
      const [first] = Object.values(await service.documents(id));
      const [second] = Object.values(await service.documents(other.id));
      await service.knowledge.removeDocument(me, first!.id);
      expect(await service.find(id, 'shared')).toEqual([]);
      await expect(service.knowledge.getDocument(me, first!.id)).rejects.toMatchObject({ code: 'not_found' });
      expect(await service.find(other.id, 'shared')).toEqual(['b.txt']);
      const kept = await blob(second!.sha256);
      expect(kept).not.toBeNull();
      for await (const _ of kept!) break;
      await service.knowledge.removeDocument(me, second!.id);
      await until(async () => expect(await blob(second!.sha256)).toBeNull());
    });
  });
}
