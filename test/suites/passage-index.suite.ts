// The index of passages on a real store: what is found, by whom, in which order, and that removed is removed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk } from '../../src/contracts/chunk.ts';
import type { AttributeFilter, Attributes } from '../../src/contracts/knowledge.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createPassageIndex } from '../../src/retrieval/index/create-passage-index.ts';
import type { IndexedPassage, IndexQuery, PassageIndex } from '../../src/retrieval/passage-index.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestStore } from '../open-test-store.ts';
import { type AddedDocument, addCollection, addDocument, chunkOf, leaning } from './passage-rows.ts';

const words = (text: string, more: Partial<Chunk> = {}): IndexedPassage => ({
  chunk: chunkOf(text, more),
  vector: null,
});

export function passageIndexSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`the index of passages on ${name}`, () => {
    let opened: TestStore;
    let store: Store;
    let index: PassageIndex;
    /** One store serves all tests: each has collections of its own, and an index shares no figures between them. */
    let a = '';
    let b = '';
    let round = 0;
    beforeAll(async () => {
      opened = await openStore();
      store = opened.store;
      await startAgain();
    });
    beforeEach(async () => {
      await store.write([store.db.deleteFrom('collections')]);
      round++;
      a = `col_a${round}`;
      b = `col_b${round}`;
      for (const id of [a, b]) await addCollection(store, id);
    });
    afterAll(async () => {
      await index.close();
      await opened.dispose();
    });

    async function startAgain(): Promise<void> {
      await index?.close();
      index = createPassageIndex({ store, log: silentLog });
      await index.open();
    }

    const add = (document: AddedDocument, passages: readonly IndexedPassage[]) =>
      addDocument({ store, index }, document, passages);
    const search = (query: Partial<IndexQuery>) =>
      index.search({
        text: '',
        vector: null,
        collectionIds: [a, b],
        limit: 10,
        mode: 'hybrid',
        ...query,
      });
    const found = async (query: Partial<IndexQuery>) =>
      (await search(query)).map(({ documentId }) => documentId);

    describe('words', () => {
      beforeEach(async () => {
        await add({ id: 'conges', collectionId: a }, [
          words("Les congés payés de l'employée sont demandés à l'entreprise deux mois à l'avance."),
        ]);
        await add({ id: 'cookies', collectionId: a }, [
          words('Un traceur est déposé par le site pour connaître ses visiteurs.', {
            context: 'Un cookie : qu’est-ce que c’est ?',
          }),
        ]);
        await add({ id: 'boats', collectionId: b }, [
          words('The children were running towards the boats while their mothers cried.'),
        ]);
        await add({ id: 'harbour', collectionId: b }, [words('A harbour shelters ships from the waves.')]);
      });

      test.each([
        ['French stems, without accents', 'quand demander un conge paye', 'conges'],
        ['an elision', "l'employee de l’entreprise", 'conges'],
        ['capitals and accents', 'CONGÉS PAYÉS', 'conges'],
        ['English stems', 'a child runs to a boat', 'boats'],
        ['title and headings', 'cookies', 'cookies'],
        ['the text, where the title says it otherwise', 'les traceurs', 'cookies'],
      ])('finds by %s', async (_what, text, id) => {
        expect((await found({ text, mode: 'lexical' }))[0]).toBe(id);
      });

      test('a question of small words alone, an empty one and one of signs find nothing', async () => {
        for (const text of ['où est-ce que c’est', 'what is it', '', '" OR * (', '🎈'])
          expect(await found({ text, mode: 'lexical' })).toEqual([]);
      });

      test('only the collections that are asked', async () => {
        expect(await found({ text: 'boats congés', collectionIds: [a] })).toEqual(['conges']);
        expect(await found({ text: 'boats congés', collectionIds: [] })).toEqual([]);
        expect(await found({ text: 'boats', collectionIds: ['col_none'] })).toEqual([]);
      });

      test('what another collection holds changes no score', async () => {
        const before = await search({ text: 'boats harbour', collectionIds: [b] });
        await add({ id: 'more', collectionId: a }, [words('boats'), words('boats and boats')]);
        expect(await search({ text: 'boats harbour', collectionIds: [b] })).toEqual(before);
      });
    });

    test('BM25 as it is written: rare words count more, repetition less and less, length against', async () => {
      const texts = [
        'alpha alpha beta',
        'alpha gamma gamma gamma delta epsilon zeta eta theta',
        'beta',
        'delta alpha',
        'iota kappa',
      ];
      await add(
        { id: 'doc', collectionId: a },
        texts.map((text) => words(text)),
      );
      const [k1, b] = [1.2, 0.75];
      const all = texts.map((text) => text.split(' '));
      const mean = all.flat().length / all.length;
      const expected = all
        .map((own, at) => {
          const score = ['alpha', 'gamma'].reduce((sum, term) => {
            const held = all.filter((other) => other.includes(term)).length;
            const f = own.filter((word) => word === term).length;
            const idf = Math.log(1 + (all.length - held + 0.5) / (held + 0.5));
            return sum + (idf * f * (k1 + 1)) / (f + k1 * (1 - b + (b * own.length) / mean));
          }, 0);
          return { text: texts[at], score };
        })
        .filter(({ score }) => score > 0)
        .sort((x, y) => y.score - x.score);
      const hits = await search({ text: 'alpha gamma', mode: 'lexical' });
      expect(hits.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
      for (const [at, hit] of hits.entries()) expect(hit.scores.lexical).toBeCloseTo(expected[at]!.score, 4);
    });

    describe('meaning', () => {
      beforeEach(async () => {
        for (let at = 0; at < 8; at++)
          await add({ id: `d${at}`, collectionId: at < 4 ? a : b }, [
            { chunk: chunkOf(`passage number ${at}`), vector: leaning(at) },
          ]);
      });

      test('finds the nearest, with its cosine', async () => {
        const asked = leaning(5, [2, 0.6]);
        const hits = await search({ text: 'zzz', vector: asked, mode: 'vector', limit: 2 });
        expect(hits.map(({ documentId }) => documentId)).toEqual(['d5', 'd2']);
        const cosine = leaning(5).reduce((sum, x, at) => sum + x * asked[at]!, 0);
        expect(hits[0]!.scores).toEqual({ lexical: null, vector: expect.closeTo(cosine, 3), rerank: null });
      });

      test('both rankings have a say, and each hit has both scores', async () => {
        const hits = await search({ text: 'number 2', vector: leaning(5, [2, 0.7]) });
        expect(
          hits
            .slice(0, 2)
            .map(({ documentId }) => documentId)
            .sort(),
        ).toEqual(['d2', 'd5']);
        expect(hits.every(({ scores }) => scores.lexical !== null && scores.vector !== null)).toBe(true);
        expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((x, y) => y - x));
      });

      test('a passage without a vector is found by its words among those that have one', async () => {
        await add({ id: 'plain', collectionId: a }, [words('an umbrella')]);
        const hits = await search({ text: 'umbrella', vector: leaning(1) });
        expect(hits.find(({ documentId }) => documentId === 'plain')?.scores.vector).toBeNull();
      });

      test('without the question’s vector a hybrid search goes by words, and one by meaning says why not', async () => {
        expect(await found({ text: 'number 3' })).toContain('d3');
        await expect(search({ text: 'x', mode: 'vector' })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      });

      test('a question of another model’s size finds nothing by meaning', async () => {
        expect(await found({ vector: new Float32Array(4).fill(0.5), mode: 'vector' })).toEqual([]);
      });

      test('vectors are found by the hash of what was embedded', async () => {
        const { hash } = chunkOf('passage number 1');
        const known = await index.vectorsByHash(a, [hash, chunkOf('passage number 6').hash, 'none']);
        expect([...known.keys()]).toEqual([hash]);
        for (const [at, x] of leaning(1).entries()) expect(known.get(hash)![at]).toBeCloseTo(x, 3);
      });
    });

    describe('filters', () => {
      beforeEach(async () => {
        const documents: [string, Attributes][] = [
          ['old', { year: 1999, kind: 'law', open: true }],
          ['new', { year: 2024.5, kind: 'letter', open: false }],
          ['odd', { year: '2024', 'a "quoted" key': "it's" }],
          ['none', {}],
        ];
        for (const [at, [id, attributes]] of documents.entries())
          await add({ id, collectionId: a, attributes }, [
            { chunk: chunkOf('the same words'), vector: leaning(at) },
          ]);
      });

      test.each<[AttributeFilter, string[]]>([
        [{ type: 'eq', key: 'kind', value: 'law' }, ['old']],
        [{ type: 'eq', key: 'year', value: 1999 }, ['old']],
        [{ type: 'eq', key: 'year', value: '1999' }, []],
        [{ type: 'eq', key: 'open', value: true }, ['old']],
        [{ type: 'eq', key: 'a "quoted" key', value: "it's" }, ['odd']],
        [{ type: 'ne', key: 'kind', value: 'law' }, ['new', 'none', 'odd']],
        [{ type: 'gt', key: 'year', value: 1999 }, ['new']],
        [{ type: 'gte', key: 'year', value: 1999 }, ['new', 'old']],
        [{ type: 'lt', key: 'year', value: 2024.5 }, ['old']],
        [{ type: 'lte', key: 'year', value: 2024.5 }, ['new', 'old']],
        [{ type: 'gt', key: 'kind', value: 'law' }, ['new']],
        [{ type: 'gt', key: 'open', value: false }, []],
        [{ type: 'in', key: 'kind', value: ['law', 'letter'] }, ['new', 'old']],
        [{ type: 'in', key: 'kind', value: [] }, []],
        [{ type: 'nin', key: 'year', value: [1999, '2024'] }, ['new', 'none']],
        [
          {
            type: 'and',
            filters: [
              { type: 'gt', key: 'year', value: 0 },
              { type: 'eq', key: 'open', value: false },
            ],
          },
          ['new'],
        ],
        [
          {
            type: 'or',
            filters: [
              { type: 'eq', key: 'kind', value: 'law' },
              { type: 'eq', key: 'year', value: '2024' },
            ],
          },
          ['odd', 'old'],
        ],
        [{ type: 'and', filters: [] }, ['new', 'none', 'odd', 'old']],
        [{ type: 'in', key: 'year', value: [true, 1999, '2024'] }, ['odd', 'old']],
        [{ type: 'in', key: 'open', value: [false, 1, 'true'] }, ['new']],
        [{ type: 'eq', key: "kind') or 1=1 --", value: "x' or '1'='1" }, []],
      ])('%j', async (filter, ids) => {
        for (const query of [
          { text: 'same words', mode: 'lexical' as const },
          { vector: leaning(7), mode: 'vector' as const },
          { text: 'same words', vector: leaning(7) },
        ])
          expect((await found({ ...query, filter })).sort()).toEqual(ids);
      });

      test('one of thousands of values', async () => {
        const value = Array.from({ length: 8000 }, (_, at) => (at % 2 === 0 ? at + 0.5 : `v${at}`));
        const query = { text: 'same words', vector: leaning(0) };
        expect(await found({ ...query, filter: { type: 'in', key: 'year', value } })).toEqual(['new']);
      });

      test('documents by their ids, alone and with a filter', async () => {
        const documentIds = ['new', 'odd'];
        const query = { text: 'same words', vector: leaning(0), documentIds };
        expect((await found(query)).sort()).toEqual(['new', 'odd']);
        expect(await found({ ...query, filter: { type: 'eq', key: 'open', value: false } })).toEqual(['new']);
        expect(await found({ ...query, documentIds: [] })).toEqual([]);
      });
    });

    describe('changes', () => {
      test('a document that is added again has its new passages only', async () => {
        await add({ id: 'doc', collectionId: a }, [words('apples'), words('pears')]);
        await add({ id: 'doc', collectionId: a }, [words('plums'), words('pears')]);
        expect(await found({ text: 'apples' })).toEqual([]);
        expect((await search({ text: 'plums pears' })).map(({ text }) => text).sort()).toEqual([
          'pears',
          'plums',
        ]);
        expect((await index.passages('doc')).map(({ text }) => text)).toEqual(['plums', 'pears']);
      });

      test('what is removed is not found, at once and after a new start', async () => {
        for (const id of ['keep', 'drop'])
          await add({ id, collectionId: a }, [{ chunk: chunkOf(`apples ${id}`), vector: leaning(1) }]);
        await store.write(index.remove('drop'));
        const query = { text: 'apples', vector: leaning(1) };
        expect(await found(query)).toEqual(['keep']);
        await index.committed('drop', a);
        expect(await found(query)).toEqual(['keep']);
        await startAgain();
        expect(await found(query)).toEqual(['keep']);
        expect((await index.check({ repair: false })).faults).toEqual([]);
      });

      test('a collection that is deleted with its rows takes its passages along', async () => {
        await add({ id: 'doc', collectionId: a }, [words('apples')]);
        await add({ id: 'other', collectionId: b }, [words('apples')]);
        await store.write([store.db.deleteFrom('collections').where('id', '=', a)]);
        expect(await found({ text: 'apples' })).toEqual(['other']);
        expect(await index.passages('doc')).toEqual([]);
      });

      test('many documents that come and go leave the rest as it was', async () => {
        await add({ id: 'stays', collectionId: a }, [
          { chunk: chunkOf('the lighthouse keeper'), vector: leaning(3) },
        ]);
        const passages = (round: number) =>
          Array.from({ length: 60 }, (_, at) => ({
            chunk: chunkOf(`sea number ${at} round ${round} lighthouse`),
            vector: leaning(at % 3),
          }));
        for (let round = 0; round < 4; round++)
          await add({ id: 'changes', collectionId: a }, passages(round));
        await store.write(index.remove('changes'));
        await index.committed('changes', a);
        const [hit, ...others] = await search({ text: 'lighthouse', vector: leaning(3) });
        expect(hit?.documentId).toBe('stays');
        expect(hit?.scores.lexical).toBeCloseTo(Math.log(1 + 0.5 / 1.5), 4);
        expect(others).toEqual([]);
      });

      test('a chunk comes back as it was', async () => {
        const chunk = chunkOf('Rows\nof a table', {
          context: 'Title > Part',
          headings: ['Part'],
          header: 'a | b',
          page: 2,
          lastPage: 3,
          start: 10,
          end: 25,
          boxes: [{ start: 10, end: 14, page: 2, x: 1, y: 2.5, width: 3, height: 4 }],
        });
        await add({ id: 'doc', collectionId: a, title: 'Title' }, [{ chunk, vector: null }]);
        expect(await index.passages('doc')).toEqual([chunk]);
        const [hit] = await search({ text: 'table' });
        const { id, hash: _hash, headings: _headings, ...rest } = chunk;
        expect(hit).toMatchObject({ ...rest, chunkId: id, title: 'Title', path: 'doc.txt', kind: 'text' });
      });
    });

    describe('check', () => {
      test('finds and mends passages that have lost their terms, and names those without a vector', async () => {
        await startAgain();
        await add({ id: 'doc', collectionId: a }, [
          { chunk: chunkOf('apples'), vector: leaning(1) },
          { chunk: chunkOf('pears'), vector: leaning(2) },
        ]);
        expect(await index.check({ repair: false })).toEqual({
          collections: 2,
          documents: 1,
          passages: 2,
          faults: [],
        });
        await store.write([store.db.deleteFrom('passage_index')]);
        const lost = { kind: 'missing_in_lexical_index', collectionId: a, documentId: 'doc', count: 2 };
        expect((await index.check({ repair: false })).faults).toContainEqual({ ...lost, repaired: false });
        expect((await index.check({ repair: true })).faults).toContainEqual({ ...lost, repaired: true });
        expect((await index.check({ repair: false })).faults).not.toContainEqual(
          expect.objectContaining({ kind: 'missing_in_lexical_index' }),
        );
        expect(await found({ text: 'pears' })).toEqual(['doc']);
        await add({ id: 'words', collectionId: b }, [words('plums')]);
        expect((await index.check({ repair: true })).faults).toContainEqual({
          kind: 'missing_in_vector_index',
          collectionId: b,
          documentId: 'words',
          count: 1,
          repaired: false,
        });
      });
    });
  });
}
