// PostgreSQL's engine: BM25 computed in SQL over arrays of terms with a GIN index, and pgvector for the vectors. A search
// is one statement, so that every node answers from the same rows and nothing is held in a node's memory.
import { type Compilable, type RawBuilder, sql } from 'kysely';
import type { Log } from '../../../lib/log.ts';
import type { Store } from '../../../store/store.ts';
import { bm25Settings } from '../bm25.ts';
import type { Candidate, IndexEngine, RankQuery } from '../engine.ts';
import { faultsOf, findUnindexed, findWithoutVector, reindex } from '../faults.ts';
import type { PassageTerms } from '../passage-terms.ts';
import { createCollectionFigures } from './collection-figures.ts';
import { fromWire, prepareVectors, toWire, type VectorType } from './pgvector.ts';

export function createPostgresEngine({ store, log }: { store: Store; log: Log }): IndexEngine {
  const { db } = store;
  const figures = createCollectionFigures(store);
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
      if (vector !== null)
        statements.push(
          statement(sql`insert into passage_vectors (number, collection_id, document_id, embedding)
            values ((select p.number from passages p where ${own}), ${collectionId}, ${documentId},
              ${toWire(vector)})`),
        );
      return statements;
    },
    async committed(_documentId, collectionId) {
      figures.forget(collectionId);
    },
    async rank(query) {
      const type = query.vector ? await ready() : null;
      const { rows } = await rankStatement(query, await figures.of(query.collectionIds), type).execute(db);
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

/** An array literal; the values are integers. */
const arrayOf = (values: ArrayLike<number>): string => `{${Array.from(values).join(',')}}`;
const textArray = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;

interface Figures {
  passages: number;
  textTotal: number;
  contextTotal: number;
}

/**
 * Hits of the words with how often each word occurs (`hits`), how many passages hold each word (`held`), their scores;
 * the nearest vectors of the same documents; and for the best of both, both scores.
 */
function rankStatement(
  { terms, vector, collectionIds, documentIds, depth }: RankQuery,
  { passages, textTotal, contextTotal }: Figures,
  type: VectorType | null,
): RawBuilder<Candidate> {
  const { k1, b, contextWeight } = bm25Settings;
  const real = (value: number) => sql`${value}::float8`;
  const meanLength = Math.max(1, (textTotal + contextWeight * contextTotal) / Math.max(1, passages));
  const times = new Map<number, number>();
  for (const term of terms ?? []) times.set(term, (times.get(term) ?? 0) + 1);
  const asked = [...times];
  const inCollections = sql`collection_id = any(${textArray(collectionIds)}::text[])`;
  const inDocuments =
    documentIds === null ? sql`true` : sql`document_id = any(${textArray(documentIds)}::text[])`;

  const ctes: RawBuilder<unknown>[] = [];
  if (asked.length > 0) {
    const places = asked.map(
      ([term], at) => sql`array_position(terms, ${sql.lit(term)}) as ${sql.ref(`p${at}`)}`,
    );
    const frequencies = asked.map(([,], at) => {
      const place = sql.ref(`p${at}`);
      return sql`coalesce(in_text[${place}] + ${real(contextWeight)} * in_context[${place}], 0) as ${sql.ref(`f${at}`)}`;
    });
    const held = asked.map(
      ([,], at) => sql`count(*) filter (where ${sql.ref(`f${at}`)} > 0) as ${sql.ref(`n${at}`)}`,
    );
    const scores = asked.map(([, count], at) => {
      const [f, n] = [sql.ref(`f${at}`), sql.ref(`n${at}`)];
      return sql`${real(count)} * ln(1 + greatest(0, ${real(passages)} - ${n} + 0.5) / (${n} + 0.5))
        * ${f} * ${real(k1 + 1)} / (${f} + held_back)`;
    });
    ctes.push(
      sql`hits as materialized (
        select number, document_id,
          ${real(k1)} * (1 - ${real(b)} + ${real(b)}
            * (text_length + ${real(contextWeight)} * context_length) / ${real(meanLength)}) as held_back,
          ${sql.join(frequencies)}
        from (select *, ${sql.join(places)} from passage_index
          where ${inCollections} and terms && ${arrayOf(asked.map(([term]) => term))}::int4[] offset 0) as found)`,
      sql`held as materialized (select ${sql.join(held)} from hits)`,
      sql`scored as materialized (
        select number, ${sql.join(scores, sql` + `)} as score from hits cross join held where ${inDocuments})`,
      sql`by_words as (select number from scored order by score desc, number limit ${sql.lit(depth)})`,
    );
  }
  if (vector && type) {
    const wire = toWire(vector);
    ctes.push(
      sql`asked as materialized (select ${wire}::${type.type} as embedding)`,
      sql`among as materialized (select number, embedding from passage_vectors
        where ${inCollections} and ${inDocuments} and ${sql.raw(type.schema)}.vector_dims(embedding) = ${sql.lit(vector.length)})`,
      sql`by_meaning as (
        select among.number from among cross join asked
        order by among.embedding ${type.distance} asked.embedding, among.number limit ${sql.lit(depth)})`,
    );
  }
  const parts = [
    ...(asked.length > 0 ? [sql`select number from by_words`] : []),
    ...(vector && type ? [sql`select number from by_meaning`] : []),
  ];
  if (parts.length === 0)
    return sql<Candidate>`select 0 as number, null as lexical, null as vector where false`;
  return sql<Candidate>`select * from (with ${sql.join(ctes)},
    chosen as (${sql.join(parts, sql` union `)})
    select chosen.number, ${asked.length > 0 ? sql`scored.score` : sql`null::float8`} as lexical,
      ${vector && type ? sql`1 - (among.embedding ${type.distance} asked.embedding)` : sql`null::float8`} as vector
    from chosen
      ${asked.length > 0 ? sql`left join scored on scored.number = chosen.number` : sql``}
      ${vector && type ? sql`left join among on among.number = chosen.number cross join asked` : sql``}) as ranked`;
}
