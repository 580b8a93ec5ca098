// The embedded store's engine: each passage's terms and vector are a row, and all rows are held in memory by a worker
// thread. Nothing lies beside the store, so nothing can fall out of step with it in a crash: a start reads the rows.
// Measured at 100,000 passages of 384 dimensions: see docs/log.md.
import { type Compilable, sql } from 'kysely';
import type { Log } from '../../../lib/log.ts';
import type { Store } from '../../../store/store.ts';
import type { Candidate, IndexEngine } from '../engine.ts';
import { faultsOf, findUnindexed, findWithoutVector, type IndexFault, reindex } from '../faults.ts';
import { packVector, unpackVector } from '../half.ts';
import { packTerms } from '../passage-terms.ts';
import type { IndexRow } from './messages.ts';
import { type IndexWorker, startIndexWorker } from './worker-client.ts';

/** Rows of one read while all are loaded: small enough that other reads are not held up. */
const ROWS_AT_ONCE = 200;
const HASHES_AT_ONCE = 500;
const CHECKED_AT_ONCE = 5_000;

export function createMemoryEngine({ store, log }: { store: Store; log: Log }): IndexEngine {
  const { db } = store;
  let opened: Promise<IndexWorker> | null = null;
  let closed = false;
  /** Changes one after the other: what was read from the store first is told first. */
  let changes: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = changes.then(work, work);
    changes = done.catch(() => {});
    return done;
  };

  /** The worker with all rows. One that died, or could not be filled, is followed by another. */
  function ready(): Promise<IndexWorker> {
    opened ??= load().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened.then((worker) => {
      if (worker.fault() === null || closed) return worker;
      log.warn('the index of documents is built again', { reason: String(worker.fault()) });
      opened = null;
      return ready();
    });
  }

  async function load(): Promise<IndexWorker> {
    const started = performance.now();
    const worker = startIndexWorker();
    try {
      const passages = await fill(worker);
      log.debug('index of documents loaded', { passages, ms: Math.round(performance.now() - started) });
      return worker;
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Returns how many passages there are. */
  async function fill(worker: IndexWorker): Promise<number> {
    let passages = 0;
    let adding: Promise<unknown> = Promise.resolve();
    for (let after = 0; ; ) {
      const rows = await rowsWhere((query) =>
        query.where('number', '>', after).orderBy('number').limit(ROWS_AT_ONCE),
      );
      const { length } = rows;
      passages += length;
      after = rows.at(-1)?.number ?? after;
      await adding;
      // The next page is read while this one is added; a failure is met there.
      adding = worker.ask({ type: 'add', rows });
      adding.catch(() => {});
      if (length < ROWS_AT_ONCE) break;
    }
    await adding;
    return passages;
  }

  const columns = ['number', 'collection_id', 'document_id', 'terms', 'vector'] as const;
  const select = () => db.selectFrom('passage_index').select(columns);
  async function rowsWhere(narrow: (query: ReturnType<typeof select>) => ReturnType<typeof select>) {
    const rows = await narrow(select()).execute();
    return rows.map(
      (row): IndexRow => ({
        number: row.number,
        collectionId: row.collection_id,
        documentId: row.document_id,
        terms: row.terms,
        vector: row.vector,
      }),
    );
  }

  async function keysOfRows(signal?: AbortSignal) {
    const rows: { number: number; collection_id: string; document_id: string; hasVector: number }[] = [];
    for (;;) {
      signal?.throwIfAborted();
      const page = await db
        .selectFrom('passage_index')
        .select(['number', 'collection_id', 'document_id', sql<number>`vector is not null`.as('hasVector')])
        .where('number', '>', rows.at(-1)?.number ?? 0)
        .orderBy('number')
        .limit(CHECKED_AT_ONCE)
        .execute();
      rows.push(...page);
      if (page.length < CHECKED_AT_ONCE) return rows;
    }
  }

  return {
    put: ({ documentId, collectionId, chunkId }, terms, vector) => [
      statement(sql`insert into passage_index (number, collection_id, document_id, terms, vector)
        select number, ${collectionId}, ${documentId}, ${packTerms(terms)}, ${vector && packVector(vector)}
        from passages where document_id = ${documentId} and chunk_id = ${chunkId}`),
    ],
    committed: (documentId, collectionId) =>
      inTurn(async () => {
        const worker = await ready();
        const rows = await rowsWhere((query) => query.where('document_id', '=', documentId));
        await worker.ask({ type: 'replace', documentId, collectionId, rows });
      }),
    async rank({ terms, vector, collectionIds, documentIds, depth }) {
      const worker = await ready();
      const query = { terms, vector, collectionIds, documentIds, depth };
      const { numbers, lexical, cosines } = await worker.ask({ type: 'rank', query });
      return Array.from(numbers, (number, at): Candidate => {
        const cosine = cosines[at] ?? Number.NaN;
        return { number, lexical: lexical[at] || null, vector: Number.isNaN(cosine) ? null : cosine };
      });
    },
    forget(numbers) {
      void ready()
        .then((worker) => worker.ask({ type: 'forget', numbers }))
        .catch((error: unknown) => log.warn('removed passages stay in memory', { error: String(error) }));
    },
    async vectorsByHash(collectionId, hashes) {
      const found = new Map<string, Float32Array>();
      for (let at = 0; at < hashes.length; at += HASHES_AT_ONCE) {
        const rows = await db
          .selectFrom('passages as p')
          .innerJoin('passage_index as i', 'i.number', 'p.number')
          .select(['p.hash', 'i.vector'])
          .where('p.collection_id', '=', collectionId)
          .where('p.hash', 'in', hashes.slice(at, at + HASHES_AT_ONCE))
          .where('i.vector', 'is not', null)
          .execute();
        for (const { hash, vector } of rows) if (vector) found.set(hash, unpackVector(vector));
      }
      return found;
    },
    async check({ repair, signal }) {
      const worker = await ready();
      const faults: IndexFault[] = [];
      const unindexed = await findUnindexed(store);
      if (repair && unindexed.length > 0) {
        await reindex(
          store,
          unindexed,
          ({ number, collectionId, documentId }, terms) =>
            statement(sql`insert into passage_index (number, collection_id, document_id, terms, vector)
              values (${number}, ${collectionId}, ${documentId}, ${packTerms(terms)}, null)
              on conflict (number) do nothing`),
          signal,
        );
      }
      faults.push(...faultsOf('missing_in_lexical_index', unindexed, repair));
      const withoutVector = await findWithoutVector(
        store,
        'select 1 from passage_index i where i.number = p.number and i.vector is not null',
      );
      faults.push(...faultsOf('missing_in_vector_index', withoutVector, false));

      // What the thread holds against the rows, as they are after the repair.
      const { held, rows } = await inTurn(async () => ({
        held: await worker.ask({ type: 'contents' }),
        rows: await keysOfRows(signal),
      }));
      const inMemory = new Set(held.numbers);
      const vectorInMemory = new Set(held.withVector);
      const stored = new Map(rows.map((row) => [row.number, row]));
      const stale = [...inMemory].filter((number) => !stored.has(number));
      const staleVectors = [...vectorInMemory].filter((number) => !stored.get(number)?.hasVector);
      const repairedRows = new Set(unindexed.map(({ number }) => number));
      const missing = rows.filter((row) => !inMemory.has(row.number) && !repairedRows.has(row.number));
      const unknown = (numbers: readonly number[]) =>
        numbers.map(() => ({ collectionId: null, documentId: null }));
      faults.push(
        ...faultsOf('stale_in_lexical_index', unknown(stale), repair),
        ...faultsOf('stale_in_vector_index', unknown(staleVectors), repair),
        ...faultsOf(
          'missing_in_lexical_index',
          missing.map((row) => ({ collectionId: row.collection_id, documentId: row.document_id })),
          repair,
        ),
      );
      if (
        repair &&
        (stale.length > 0 || staleVectors.length > 0 || missing.length > 0 || unindexed.length > 0)
      ) {
        opened = null;
        await worker.close();
        await ready();
      }
      return faults;
    },
    async open() {
      await ready();
    },
    async close() {
      closed = true;
      const worker = await opened?.catch(() => null);
      await worker?.close();
    },
  };

  function statement(raw: ReturnType<typeof sql>): Compilable {
    return { compile: () => raw.compile(db) };
  }
}
