// PostgreSQL's engine: BM25 computed in SQL over arrays of terms with a GIN index, and pgvector for the vectors. A search
// is one statement (in a large collection with a count of its words before it), so that every node answers from the same
// rows and none holds them in memory.
import { type Compilable, type RawBuilder, sql } from 'kysely';
import type { Log } from '../../../lib/log.ts';
import type { Store } from '../../../store/store.ts';
import type { IndexEngine } from '../engine.ts';
import { faultsOf, findUnindexed, findWithoutVector, reindex } from '../faults.ts';
import type { PassageTerms } from '../passage-terms.ts';
import { createCollectionFigures } from './collection-figures.ts';
import { createDrivingTerms } from './driving-terms.ts';
import { createVectorGraph, GRAPH_FROM, GRAPH_LIMIT } from './graph.ts';
import { fromWire, prepareVectors, toWire, type VectorType } from './pgvector.ts';
import { arrayOf, textArray } from './postgres-arrays.ts';
import { rankStatement } from './rank-statement.ts';

export interface PostgresEngineOptions {
  store: Store;
  log: Log;
  /** For tests: vectors of the searched collections from which the graph is asked. */
  graphFrom?: number;
}

export function createPostgresEngine({
  store,
  log,
  graphFrom = GRAPH_FROM,
}: PostgresEngineOptions): IndexEngine {
  const { db } = store;
  const figures = createCollectionFigures(store);
  const drivingTerms = createDrivingTerms(store);
  const graph = createVectorGraph({ store, log });
  /** Sizes of the vectors that were written since the graphs were looked after. */
  const written = new Set<number>();
  let opened: Promise<VectorType> | null = null;

  function ready(): Promise<VectorType> {
    opened ??= prepareVectors(store).then(
      (type) => {
        log.debug('table of vectors is ready', { schema: type.schema });
        return type;
      },
      (error: unknown) => {
        opened = null;
        throw error;
      },
    );
    return opened;
  }

  const insertTerms = (number: RawBuilder<unknown>, from: RawBuilder<unknown>, terms: PassageTerms) =>
    sql`insert into passage_index
      (number, collection_id, document_id, terms, in_text, in_context, text_length, context_length)
      select ${number}, p.collection_id, p.document_id, ${arrayOf(terms.terms)}::int4[],
        ${arrayOf(terms.inText)}::int2[], ${arrayOf(terms.inContext)}::int2[],
        ${terms.textLength}::int4, ${terms.contextLength}::int4
      from passages p where ${from} on conflict (number) do nothing`;

  return {
    put({ documentId, collectionId, chunkId }, terms, vector) {
      const own = sql`p.document_id = ${documentId} and p.chunk_id = ${chunkId}`;
      const statements = [statement(insertTerms(sql`p.number`, own, terms))];
      // As a value the parameter takes the column's type, whose schema need not be known here.
      if (vector !== null) {
        written.add(vector.length);
        statements.push(
          statement(sql`insert into passage_vectors (number, collection_id, document_id, dimensions, embedding)
            values ((select p.number from passages p where ${own}), ${collectionId}, ${documentId},
              ${vector.length}, ${toWire(vector)})`),
        );
      }
      return statements;
    },
    async committed(_documentId, collectionId) {
      figures.forget(collectionId);
      for (const dimensions of written) await graph.ensure(dimensions, await ready());
      written.clear();
    },
    async rank(query) {
      const { vector, collectionIds, documentIds, depth } = query;
      const vectors = vector ? await ready() : null;
      const counted = await figures.of(collectionIds);
      const byGraph =
        vector !== null &&
        documentIds === null &&
        depth <= GRAPH_LIMIT &&
        counted.passages >= graphFrom &&
        (await graph.has(vector.length));
      const driving = query.terms && (await drivingTerms(query.terms, collectionIds, counted.passages));
      const { rows } = await rankStatement({ query, figures: counted, driving, vectors, byGraph }).execute(
        db,
      );
      return rows;
    },
    forget() {},
    async vectorsByHash(collectionId, hashes) {
      if (hashes.length === 0) return new Map();
      const { schema } = await ready();
      const { rows } = await sql<{ hash: string; bytes: Uint8Array }>`
        select p.hash, ${sql.raw(schema)}.halfvec_send(v.embedding) as bytes
        from passages p join passage_vectors v on v.number = p.number
        where p.collection_id = ${collectionId} and p.hash = any(${textArray(hashes)}::text[])`.execute(db);
      return new Map(rows.map(({ hash, bytes }) => [hash, fromWire(bytes)]));
    },
    async check({ repair, signal }) {
      await ready();
      const unindexed = await findUnindexed(store);
      if (repair && unindexed.length > 0)
        await reindex(
          store,
          unindexed,
          ({ number }, terms) => statement(insertTerms(sql`p.number`, sql`p.number = ${number}`, terms)),
          signal,
        );
      const withoutVector = await findWithoutVector(
        store,
        'select 1 from passage_vectors v where v.number = p.number',
      );
      return [
        ...faultsOf('missing_in_lexical_index', unindexed, repair),
        ...faultsOf('missing_in_vector_index', withoutVector, false),
      ];
    },
    async open() {
      await ready();
    },
    async close() {},
  };

  function statement(raw: RawBuilder<unknown>): Compilable {
    return { compile: () => raw.compile(db) };
  }
}
