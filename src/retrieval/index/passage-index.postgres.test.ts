// The index of passages on PostgreSQL: the common suite, the same ranking as SQLite's, and a server without pgvector.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgresStore } from '../../../test/open-postgres-store.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { passageIndexSuite } from '../../../test/suites/passage-index.suite.ts';
import { addCollection, addDocument, chunkOf } from '../../../test/suites/passage-rows.ts';
import { silentLog } from '../../lib/log.ts';
import type { IndexedPassage, PassageIndex } from '../passage-index.ts';
import { termsOf } from './analyse.ts';
import { createPassageIndex } from './create-passage-index.ts';
import { createCollectionFigures } from './postgres/collection-figures.ts';
import { createDrivingTerms, type DrivingTerms } from './postgres/driving-terms.ts';
import { createPostgresEngine } from './postgres/postgres-engine.ts';
import { rankStatement } from './postgres/rank-statement.ts';

passageIndexSuite('PostgreSQL', openPostgresStore);

/** A generator with a seed (Mulberry32), so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const vocabulary =
  'contrat congés salarié employeur préavis période essai démission chômage retraite maladie accident formation cookies données droit boat harbour lighthouse sailors running children winter storms captain letters'.split(
    ' ',
  );

/** Texts in which some words are frequent and some rare, with vectors that have nothing to do with them. */
function corpus(): { documents: IndexedPassage[][]; questions: { text: string; vector: Float32Array }[] } {
  const next = random(7);
  const sentence = (length: number) =>
    Array.from({ length }, () => vocabulary[Math.floor(next() ** 2 * vocabulary.length)]).join(' ');
  const vector = () => {
    const parts = Float32Array.from({ length: 32 }, () => next() - 0.3);
    const length = Math.hypot(...parts);
    return parts.map((x) => x / length);
  };
  const passage = (): IndexedPassage => ({
    chunk: chunkOf(sentence(5 + Math.floor(next() * 60)), { context: sentence(4) }),
    vector: next() < 0.9 ? vector() : null,
  });
  return {
    documents: Array.from({ length: 60 }, () => Array.from({ length: 4 }, passage)),
    questions: Array.from({ length: 15 }, () => ({ text: sentence(5), vector: vector() })),
  };
}

test('ranks as SQLite does, by words, by meaning and by both', async () => {
  const { documents, questions } = corpus();
  const stores: TestStore[] = [await openTestStore(), await openPostgresStore()];
  const indexes: PassageIndex[] = [];
  for (const { store } of stores) {
    const index = createPassageIndex({ store, log: silentLog });
    await index.open();
    indexes.push(index);
    for (const id of ['col_a', 'col_b']) await addCollection(store, id);
    for (const [at, passages] of documents.entries())
      await addDocument(
        { store, index },
        { id: `d${at}`, collectionId: at % 3 ? 'col_a' : 'col_b' },
        passages,
      );
  }
  for (const mode of ['lexical', 'vector', 'hybrid'] as const)
    for (const { text, vector } of questions)
      for (const more of [{}, { documentIds: ['d1', 'd2', 'd3', 'd40'] }]) {
        const [sqlite, postgres] = await Promise.all(
          indexes.map((index) =>
            index.search({ text, vector, mode, collectionIds: ['col_a', 'col_b'], limit: 10, ...more }),
          ),
        );
        const chunks = sqlite!.map(({ chunkId }) => chunkId);
        // Fused scores are standardised over the candidates, the last of which 8-bit vectors choose on SQLite: two that
        // are all but equal may change places.
        if (mode !== 'hybrid') expect(postgres!.map(({ chunkId }) => chunkId)).toEqual(chunks);
        else expect(postgres!.filter(({ chunkId }) => !chunks.includes(chunkId)).length).toBeLessThan(2);
        for (const [at, hit] of postgres!.entries()) {
          expect(Math.abs(hit.score - sqlite![at]!.score)).toBeLessThan(0.05);
          const other = sqlite!.find(({ chunkId }) => chunkId === hit.chunkId);
          for (const arm of ['lexical', 'vector'] as const)
            if (other?.scores[arm] === null) expect(hit.scores[arm]).toBeNull();
            else if (other) expect(hit.scores[arm]).toBeCloseTo(other.scores[arm]!, 3);
        }
      }
  for (const index of indexes) await index.close();
  for (const store of stores) await store.dispose();
});

test('in a large collection rare words lead and frequent ones add to what those found', async () => {
  const opened = await openPostgresStore();
  const { store } = opened;
  const index = createPassageIndex({ store, log: silentLog });
  await addCollection(store, 'col_a');
  const texts = Array.from(
    { length: 40 },
    (_, at) => `contract ${at % 10 === 0 ? 'lighthouse' : 'office'} n${at}`,
  );
  await addDocument(
    { store, index },
    { id: 'doc', collectionId: 'col_a' },
    texts.map((text) => ({ chunk: chunkOf(text), vector: null })),
  );
  const [contract, lighthouse] = termsOf('contract lighthouse') as [number, number];
  const unknown = termsOf('umbrella')[0]!;
  const choose = createDrivingTerms(store, { large: 10, mostRows: 20 });
  expect(await choose([contract, lighthouse, unknown], ['col_a'], 40)).toEqual({
    leading: [lighthouse],
    held: new Map([[contract, 40]]),
  });
  // A question of frequent words only still finds something.
  expect((await choose([contract], ['col_a'], 40)).leading).toEqual([contract]);
  expect((await choose([contract, lighthouse], ['col_a'], 5)).held.size).toBe(0);

  const query = {
    terms: [contract, lighthouse],
    vector: null,
    collectionIds: ['col_a'],
    documentIds: null,
    depth: 4,
  };
  const figures = await createCollectionFigures(store).of(['col_a']);
  const scores = async (driving: DrivingTerms) => {
    const parts = { query, figures, driving, vectors: null, byGraph: false };
    const { rows } = await rankStatement(parts).execute(store.db);
    return rows.sort((a, b) => a.number - b.number);
  };
  const all = await scores({ leading: [contract, lighthouse], held: new Map() });
  expect(all).toHaveLength(4);
  expect(await scores(await choose(query.terms, ['col_a'], 40))).toEqual(all);
  await index.close();
  await opened.dispose();
});

test('large sets are looked up in the graph, and it finds what comparing all finds', async () => {
  const opened = await openPostgresStore();
  const { store } = opened;
  const index = createPassageIndex({ store, log: silentLog });
  await index.open();
  for (const id of ['col_a', 'col_b']) await addCollection(store, id);
  const next = random(3);
  const centres = Array.from({ length: 30 }, () => Float32Array.from({ length: 32 }, () => next() - 0.5));
  const near = (centre: Float32Array) => {
    const parts = centre.map((x) => x + (next() - 0.5) * 0.6);
    const length = Math.hypot(...parts);
    return parts.map((x) => x / length);
  };
  for (let at = 0; at < 40; at++)
    await addDocument(
      { store, index },
      { id: `d${at}`, collectionId: at % 8 === 0 ? 'col_b' : 'col_a' },
      Array.from({ length: 30 }, (_, i) => ({
        chunk: chunkOf(`passage ${at} ${i}`),
        vector: near(centres[(at * 30 + i) % 30]!),
      })),
    );
  const exact = createPostgresEngine({ store, log: silentLog });
  const byGraph = createPostgresEngine({ store, log: silentLog, graphFrom: 1 });
  await byGraph.open();
  let right = 0;
  let wanted = 0;
  for (const centre of centres)
    for (const collectionIds of [['col_a'], ['col_b'], ['col_a', 'col_b']]) {
      const query = { terms: null, vector: near(centre), collectionIds, documentIds: null, depth: 10 };
      const [all, found] = [await exact.rank(query), await byGraph.rank(query)];
      const numbers = new Set(found.map(({ number }) => number));
      wanted += all.length;
      right += all.filter(({ number }) => numbers.has(number)).length;
    }
  expect(wanted).toBe(900);
  expect(right / wanted).toBeGreaterThan(0.97);
  const { rows } = await sql`select 1 from pg_indexes
    where schemaname = current_schema() and indexname = 'passage_vectors_graph_32'`.execute(store.db);
  expect(rows).toHaveLength(1);
  await index.close();
  await opened.dispose();
});

test('a server without pgvector says what to do, and search by words works', async () => {
  // A database of its own, and a user who may not switch on extensions in it.
  const name = `bare_${randomUUID().replaceAll('-', '')}`;
  const address = new URL(process.env.DATABASE_URL ?? '');
  const admin = new pg.Client(address.href);
  await admin.connect();
  await admin.query(`create role ${name} login password '${name}'`);
  await admin.query(`create database ${name}`);
  const inside = new URL(address);
  inside.pathname = `/${name}`;
  const owner = new pg.Client(inside.href);
  await owner.connect();
  await owner.query(`create schema own authorization ${name}`);
  await owner.query(`alter role ${name} set search_path = own`);
  inside.username = name;
  inside.password = name;
  const opened = await openTestStore({ databaseUrl: inside.href });
  try {
    const { store } = opened;
    const index = createPassageIndex({ store, log: silentLog });
    await expect(index.open()).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/pgvector.*create extension vector;$/),
    });
    await addCollection(store, 'col_a');
    await addDocument({ store, index }, { id: 'doc', collectionId: 'col_a' }, [
      { chunk: chunkOf('apples'), vector: null },
    ]);
    const query = { text: 'apples', collectionIds: ['col_a'], limit: 5 };
    expect(await index.search({ ...query, vector: null, mode: 'hybrid' })).toHaveLength(1);
    await expect(
      index.search({ ...query, vector: new Float32Array(8).fill(0.5), mode: 'hybrid' }),
    ).rejects.toMatchObject({ code: 'storage_failed' });
    // An administrator does what the message says; nothing need be started again.
    await owner.query('create extension vector');
    expect(
      await index.search({ ...query, vector: new Float32Array(8).fill(0.5), mode: 'hybrid' }),
    ).toHaveLength(1);
  } finally {
    await opened.dispose();
    await owner.end();
    await admin.query(`drop database ${name}`);
    await admin.query(`drop role ${name}`);
    await admin.end();
  }
});
