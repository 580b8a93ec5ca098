// Collections, search and its trace, who may see what, deletion for a while and for good, and the check.
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Identity, localIdentity as me } from '../../src/contracts/identity.ts';
import type { AttributeFilter } from '../../src/contracts/knowledge.ts';
import { createParserPool } from '../../src/retrieval/parse/pool/parser-pool.ts';
import { openKnowledge, type TestKnowledge, textDocuments } from '../open-knowledge.ts';
import type { TestStore } from '../open-test-store.ts';

export function knowledgeSuite(name: string, open: () => Promise<TestStore>): void {
  describe(name, () => {
    const parsers = createParserPool({ processes: 1 });
    afterAll(() => parsers.close());
    const stranger: Identity = { userId: 'stranger', role: 'admin' };
    let opened: TestStore;
    let service: TestKnowledge;
    let now = 1_000;
    beforeEach(async () => {
      opened = await open();
      service = await openKnowledge(opened.store, { parsers, now: () => now++ });
    });
    afterEach(async () => {
      await service.close();
      await opened.dispose();
    });

    async function collection(texts: Record<string, string> = {}, name = 'Papers'): Promise<string> {
      const { id } = await service.knowledge.createCollection(me, { name });
      if (Object.keys(texts).length > 0) await service.addTexts(id, texts);
      return id;
    }
    const documentOf = async (id: string, path: string) => (await service.documents(id))[path]!;

    test('a search is a span with its hits and figures, and hangs below its parent', async () => {
      const id = await collection({
        'walrus.md': '# Animals\n\nThe walrus sleeps on the ice.',
        'cat.md': '# Animals\n\nThe cat sleeps in the house.',
      });
      const found = await service.knowledge.search(me, {
        collectionIds: [id],
        query: 'walrus on the ice',
        source: 'api',
      });
      expect(found).toMatchObject({ mode: 'hybrid', query: 'walrus on the ice', notes: [] });
      expect(found.hits[0]).toMatchObject({
        rank: 1,
        path: 'walrus.md',
        title: 'Animals',
        collectionId: id,
        kind: 'markdown',
        scores: { lexical: expect.any(Number), vector: expect.any(Number), rerank: null },
      });
      expect(found.timings.searchMs).toBeGreaterThan(0);
      await service.ledger.flush();
      const trace = await service.ledger.getTrace(found.traceId, me.userId);
      expect(trace.spans).toMatchObject([
        {
          spanId: found.spanId,
          parentId: null,
          kind: 'retrieval',
          status: 'ok',
          input: 'walrus on the ice',
          attributes: {
            'atelier.retrieval.mode': 'hybrid',
            'atelier.retrieval.collections': [id],
            'atelier.retrieval.hits': found.hits.length,
          },
        },
      ]);
      expect(trace.spans[0]?.output).toMatchObject(found.hits.map(({ path, rank }) => ({ path, rank })));

      const parent = { traceId: found.traceId, spanId: found.spanId };
      const below = await service.knowledge.search(me, {
        collectionIds: [id],
        query: 'cat',
        mode: 'lexical',
        limit: 1,
        source: 'page',
        conversationId: 'conv_1',
        parent,
      });
      expect(below).toMatchObject({ traceId: found.traceId, mode: 'lexical', hits: [{ path: 'cat.md' }] });
      await service.ledger.flush();
      const both = await service.ledger.getTrace(found.traceId, me.userId);
      expect(both.spans.find((span) => span.spanId === below.spanId)).toMatchObject({
        parentId: found.spanId,
      });
    });

    test('a search that cannot use the model says so and goes on by words', async () => {
      const id = await collection({ 'a.txt': 'The walrus sleeps.' });
      service.embedder.here = false;
      expect(
        await service.knowledge.search(me, {
          collectionIds: [id],
          query: 'walrus',
          mode: 'vector',
          source: 'api',
        }),
      ).toMatchObject({
        mode: 'lexical',
        hits: [{ path: 'a.txt' }],
        notes: [expect.stringContaining('local/words')],
      });
      service.embedder.here = true;
      const long = `walrus ${'and then some more '.repeat(300)}`;
      expect(
        await service.knowledge.search(me, { collectionIds: [id], query: long, source: 'api' }),
      ).toMatchObject({
        mode: 'hybrid',
        hits: [{ path: 'a.txt' }],
        notes: [expect.stringContaining('long')],
      });
    });

    test('attributes and documents narrow a search', async () => {
      const { id } = await service.knowledge.createCollection(me, { name: 'Years' });
      const { documents, task } = await service.knowledge.add(
        me,
        id,
        [2023, 2024].map((year) => ({
          path: `${year}.txt`,
          bytes: Buffer.from(`Report of ${year}.`),
          attributes: { year },
        })),
      );
      await service.jobs.wait(task!.id);
      const search = { collectionIds: [id], query: 'report', source: 'api' };
      const paths = async (more: object) =>
        (await service.knowledge.search(me, { ...search, ...more })).hits.map((hit) => hit.path);
      expect(await paths({ filter: { type: 'gte', key: 'year', value: 2024 } })).toEqual(['2024.txt']);
      expect(await paths({ documentIds: [documents[0]!.id] })).toEqual(['2023.txt']);
      await service.knowledge.updateDocument(me, documents[0]!.id, { attributes: { year: 2025 } });
      expect(await paths({ filter: { type: 'eq', key: 'year', value: 2025 } })).toEqual(['2023.txt']);
    });

    test('nothing of another person can be seen, searched or changed', async () => {
      const id = await collection({ 'secret.txt': 'The secret word is walrus.' });
      const document = await documentOf(id, 'secret.txt');
      const { knowledge } = service;
      const calls: (() => Promise<unknown>)[] = [
        () => knowledge.getCollection(stranger, id),
        () => knowledge.updateCollection(stranger, id, { name: 'Mine' }),
        () => knowledge.removeCollection(stranger, id),
        () => knowledge.restoreCollection(stranger, id),
        () => knowledge.add(stranger, id, textDocuments({ 'a.txt': 'a' })),
        () => knowledge.addFolder(stranger, id, '/'),
        () => knowledge.addZip(stranger, id, { path: 'a.zip', bytes: Buffer.alloc(1) }),
        () => knowledge.addUrl(stranger, id, 'https://example.org/'),
        () => knowledge.listDocuments(stranger, id, { limit: 10 }),
        () => knowledge.getDocument(stranger, document.id),
        () => knowledge.updateDocument(stranger, document.id, { attributes: {} }),
        () => knowledge.removeDocument(stranger, document.id),
        () => knowledge.retryDocument(stranger, document.id),
        () => knowledge.original(stranger, document.id),
        () => knowledge.parsed(stranger, document.id),
        () => knowledge.passages(stranger, document.id),
        () => knowledge.search(stranger, { collectionIds: [id], query: 'walrus', source: 'api' }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'not_found' });
      expect(await knowledge.listCollections(stranger)).toEqual([]);
      const own = await knowledge.createCollection(stranger, { name: 'Own' });
      const both = { collectionIds: [own.id, id], query: 'walrus', source: 'api' };
      await expect(knowledge.search(stranger, both)).rejects.toMatchObject({ data: { missing: [id] } });
      await expect(knowledge.search(me, { ...both, collectionIds: [] })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    test('documents are listed in pages, by words of their names, and by state', async () => {
      const id = await collection({
        'a 100%.txt': 'a',
        'b_1.txt': 'b',
        'C.md': '# Été\n\nText.',
        'd.txt': '',
      });
      const list = (options: object) => service.knowledge.listDocuments(me, id, { limit: 10, ...options });
      const first = await list({ limit: 3 });
      expect(first.documents.map(({ path }) => path)).toEqual(['C.md', 'a 100%.txt', 'b_1.txt']);
      expect((await list({ limit: 3, cursor: first.nextCursor })).documents.map(({ path }) => path)).toEqual([
        'd.txt',
      ]);
      const paths = async (query: string) => (await list({ query })).documents.map(({ path }) => path);
      expect([await paths('%'), await paths('_'), await paths('c.MD'), await paths('té')]).toEqual([
        ['a 100%.txt'],
        ['b_1.txt'],
        ['C.md'],
        ['C.md'],
      ]);
      expect((await list({ status: 'failed' })).documents.map(({ path }) => path)).toEqual(['d.txt']);
    });

    test('documents of all collections are found by their names, but nobody else’s and no deleted ones', async () => {
      const id = await collection({ 'lease-100%.txt': 'a', 'empty-lease.txt': '' });
      const other = await collection({ 'Lease.md': '# Bail\n\nText.' });
      const find = async (query: string, who = me) =>
        (await service.knowledge.findDocuments(who, { query, limit: 10 })).map(({ path }) => path).sort();
      expect(await find('lease')).toEqual(['Lease.md', 'lease-100%.txt']);
      expect([await find('0%'), await find('bail'), await find('lease', stranger)]).toEqual([
        ['lease-100%.txt'],
        ['Lease.md'],
        [],
      ]);
      expect(await service.knowledge.findDocuments(me, { query: '', limit: 1 })).toHaveLength(1);
      await service.knowledge.removeCollection(me, other);
      expect(await find('lease')).toEqual(['lease-100%.txt']);
      await service.knowledge.removeCollection(me, id);
    });

    test('a deleted collection is gone at once, comes back whole, and is purged for good', async () => {
      const id = await collection({ 'a.txt': 'The walrus sleeps.' });
      const { sha256 } = await documentOf(id, 'a.txt');
      const { knowledge } = service;
      await knowledge.removeCollection(me, id);
      expect(await knowledge.listCollections(me)).toEqual([]);
      const search = { collectionIds: [id], query: 'walrus', source: 'api' };
      await expect(knowledge.search(me, search)).rejects.toMatchObject({ code: 'not_found' });
      expect(await knowledge.restoreCollection(me, id)).toMatchObject({ documents: { ready: 1 } });
      expect((await knowledge.search(me, search)).hits).toHaveLength(1);
      await knowledge.removeCollection(me, id);
      const { signal } = new AbortController();
      expect(await knowledge.purge(0, signal)).toBe(0);
      expect(await knowledge.purge(now + 1, signal)).toBe(1);
      await expect(knowledge.restoreCollection(me, id)).rejects.toMatchObject({ code: 'not_found' });
      await expect.poll(() => opened.store.blobs.get(sha256)).toBeNull();
      expect(await knowledge.check({ repair: false })).toEqual({
        collections: 0,
        documents: 0,
        passages: 0,
        faults: [],
      });
    });

    test('documents of a deleted collection wait until it is restored', async () => {
      await service.close();
      service = await openKnowledge(opened.store, { parsers, start: false });
      const { id } = await service.knowledge.createCollection(me, { name: 'Later' });
      await service.knowledge.add(me, id, textDocuments({ 'a.txt': 'A.' }));
      await service.knowledge.removeCollection(me, id);
      await service.jobs.start();
      await service.knowledge.start();
      await service.idle();
      expect(await service.knowledge.restoreCollection(me, id)).toMatchObject({ documents: { waiting: 1 } });
      await service.idle();
      expect(await documentOf(id, 'a.txt')).toMatchObject({ status: 'ready' });
    });

    test('the check finds what does not agree, and mends what can be mended', async () => {
      const id = await collection({ 'a.txt': 'Text of a.', 'b.txt': 'Text of b.', 'c.txt': 'Text of c.' });
      const { knowledge } = service;
      const { db, blobs } = opened.store;
      const { parsed_sha256 } = await db
        .selectFrom('documents')
        .select('parsed_sha256')
        .where('path', '=', 'a.txt')
        .executeTakeFirstOrThrow();
      await blobs.remove(parsed_sha256 ?? '');
      const b = await documentOf(id, 'b.txt');
      await opened.store.write([db.deleteFrom('passages').where('document_id', '=', b.id)]);
      const c = await documentOf(id, 'c.txt');
      await blobs.remove(c.sha256);
      const found = await knowledge.check({ repair: false });
      const kinds = (faults: typeof found.faults) =>
        faults.map(({ kind, documentId, repaired }) => [kind, documentId, repaired]);
      const a = await documentOf(id, 'a.txt');
      expect(kinds(found.faults)).toEqual(
        expect.arrayContaining([
          ['missing_text', a.id, false],
          ['passages_do_not_match', b.id, false],
          ['missing_original', c.id, false],
        ]),
      );
      const mended = await knowledge.check({ repair: true });
      expect(kinds(mended.faults)).toEqual(
        expect.arrayContaining([
          ['missing_text', a.id, true],
          ['passages_do_not_match', b.id, true],
          ['missing_original', c.id, false],
        ]),
      );
      expect(kinds((await knowledge.check({ repair: false })).faults)).toEqual([
        ['missing_original', c.id, false],
      ]);
      expect(await service.find(id, 'text')).toHaveLength(3);
      expect(await knowledge.parsed(me, a.id)).toMatchObject({ kind: 'text' });
    });

    test('changes are told to those who listen, not more often than a page can ask', async () => {
      const told: unknown[] = [];
      const off = service.knowledge.onChange((change) => told.push(change));
      const id = await collection(
        Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.txt`, `${i}`])),
      );
      expect(told[0]).toEqual({ userId: me.userId, collectionId: id });
      expect(told.length).toBeLessThan(15);
      off();
    });

    test.each<[string, AttributeFilter]>([
      [
        'too deep',
        Array.from({ length: 5000 }).reduce<AttributeFilter>((inner) => ({ type: 'and', filters: [inner] }), {
          type: 'eq',
          key: 'a',
          value: 1,
        }),
      ],
      [
        'too wide',
        { type: 'or', filters: Array.from({ length: 500 }, () => ({ type: 'eq', key: 'a', value: 1 })) },
      ],
      ['too many values', { type: 'in', key: 'a', value: Array.from({ length: 40_000 }, (_, at) => at) }],
      ['of a NUL character', { type: 'eq', key: 'a', value: 'x\u0000' }],
    ])('a filter that is %s is refused with words', async (_title, filter) => {
      const id = await collection({ 'a.txt': 'one' });
      await expect(
        service.knowledge.search(me, { collectionIds: [id], query: 'one', source: 'api', filter }),
      ).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('filter') });
    });

    test('a name is wanted, and at most 16 attributes', async () => {
      const { knowledge } = service;
      await expect(knowledge.createCollection(me, { name: ' ' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      const attributes = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, i]));
      await expect(knowledge.createCollection(me, { name: 'A', attributes })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      for (const bad of [{ a: 'x\u0000' }, { 'k\ud800': 1 }])
        await expect(knowledge.createCollection(me, { name: 'A', attributes: bad })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      const { id } = await knowledge.createCollection(me, { name: 'A' });
      expect(await knowledge.updateCollection(me, id, { name: 'B', description: 'Of b' })).toMatchObject({
        name: 'B',
        description: 'Of b',
      });
    });
  });
}
