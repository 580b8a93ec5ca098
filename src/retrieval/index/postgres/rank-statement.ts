// The one statement of a search in PostgreSQL: passages that have words of the question with how often each word occurs
// (`hits`), how many passages hold each word (`held`), the scores; the nearest vectors; and for the best of both, both
// scores. An array of a passage's terms with a GIN index takes a tenth of the room of a row a term and passage.
import { type RawBuilder, sql } from 'kysely';
import { bm25Settings } from '../bm25.ts';
import type { Candidate, RankQuery } from '../engine.ts';
import type { CollectionFigures } from './collection-figures.ts';
import type { DrivingTerms } from './driving-terms.ts';
import { neighboursFunction } from './graph.ts';
import { toWire, type VectorType } from './pgvector.ts';
import { arrayOf, textArray } from './postgres-arrays.ts';

export interface RankParts {
  query: RankQuery;
  figures: CollectionFigures;
  /** Null: not by words. */
  driving: DrivingTerms | null;
  /** Null: the question has no vector. */
  vectors: VectorType | null;
  /** Whether the nearest are looked up in the graph; else all vectors are compared. */
  byGraph: boolean;
}

const real = (value: number) => sql`${value}::float8`;

export function rankStatement({
  query,
  figures,
  driving,
  vectors,
  byGraph,
}: RankParts): RawBuilder<Candidate> {
  const { terms, vector, collectionIds, documentIds, depth } = query;
  const inCollections = sql`collection_id = any(${textArray(collectionIds)}::text[])`;
  const ctes: RawBuilder<unknown>[] = [];
  const chosen: RawBuilder<unknown>[] = [];
  const inDocuments =
    documentIds === null ? sql`true` : sql`document_id = any(${textArray(documentIds)}::text[])`;
  const byWords = terms !== null && driving !== null && driving.leading.length > 0;
  if (byWords) {
    ctes.push(...wordParts(terms, { inCollections, inDocuments, figures, driving, depth }));
    chosen.push(sql`select number from by_words`);
  }
  const cosine =
    vector && vectors ? sql`1 - (v.embedding ${vectors.distance} ${toWire(vector)}::${vectors.type})` : null;
  if (vector && vectors) {
    const wire = sql`${toWire(vector)}::${vectors.type}`;
    ctes.push(
      byGraph
        ? sql`by_meaning as materialized (select number
            from ${sql.ref(neighboursFunction(vector.length))}(${textArray(collectionIds)}::text[], ${wire}) as near (number)
            limit ${sql.lit(depth)})`
        : // Adding nothing keeps the planner from the graph, which loses passages under a filter.
          sql`by_meaning as materialized (select number from passage_vectors
            where ${inCollections} and ${inDocuments} and dimensions = ${sql.lit(vector.length)}
            order by (embedding ${vectors.distance} ${wire}) + 0, number limit ${sql.lit(depth)})`,
    );
    chosen.push(sql`select number from by_meaning`);
  }
  if (chosen.length === 0)
    return sql<Candidate>`select 0 as number, null as lexical, null as vector where false`;
  return sql<Candidate>`select * from (with ${sql.join(ctes)},
    chosen as materialized (${sql.join(chosen, sql` union `)})
    select chosen.number, ${byWords ? sql`scored.score` : sql`null::float8`} as lexical,
      ${cosine && vector ? sql`case when v.dimensions = ${sql.lit(vector.length)} then ${cosine} end` : sql`null::float8`} as vector
    from chosen
      ${byWords ? sql`left join scored on scored.number = chosen.number` : sql``}
      ${cosine ? sql`left join passage_vectors v on v.number = chosen.number` : sql``}) as ranked`;
}

function wordParts(
  terms: readonly number[],
  {
    inCollections,
    inDocuments,
    figures: { passages, textTotal, contextTotal },
    driving,
    depth,
  }: {
    inCollections: RawBuilder<unknown>;
    inDocuments: RawBuilder<unknown>;
    figures: CollectionFigures;
    driving: DrivingTerms;
    depth: number;
  },
): RawBuilder<unknown>[] {
  const { k1, b, contextWeight } = bm25Settings;
  const meanLength = Math.max(1, (textTotal + contextWeight * contextTotal) / Math.max(1, passages));
  const times = new Map<number, number>();
  const present = new Set([...driving.leading, ...driving.held.keys()]);
  for (const term of terms) if (present.has(term)) times.set(term, (times.get(term) ?? 0) + 1);
  const asked = [...times].map(([term, count], at) => ({
    term,
    count,
    place: sql.ref(`p${at}`),
    frequency: sql.ref(`f${at}`),
    held: driving.held.has(term) ? real(driving.held.get(term) ?? 0) : sql.ref(`n${at}`),
  }));
  const leading = asked.filter(({ term }) => !driving.held.has(term));
  const places = asked.map(({ term, place }) => sql`array_position(terms, ${sql.lit(term)}) as ${place}`);
  const frequencies = asked.map(
    ({ place, frequency }) =>
      sql`coalesce(in_text[${place}] + ${real(contextWeight)} * in_context[${place}], 0) as ${frequency}`,
  );
  const held = leading.map((one) => sql`count(*) filter (where ${one.frequency} > 0) as ${one.held}`);
  const scores = asked.map(
    ({ count, frequency: f, held: n }) =>
      sql`${real(count)} * ln(1 + greatest(0, ${real(passages)} - ${n} + 0.5) / (${n} + 0.5))
        * ${f} * ${real(k1 + 1)} / (${f} + held_back)`,
  );
  return [
    sql`hits as materialized (
      select number, document_id,
        ${real(k1)} * (1 - ${real(b)} + ${real(b)}
          * (text_length + ${real(contextWeight)} * context_length) / ${real(meanLength)}) as held_back,
        ${sql.join(frequencies)}
      from (select *, ${sql.join(places)} from passage_index
        where ${inCollections} and terms && ${arrayOf(driving.leading)}::int4[] offset 0) as found)`,
    sql`held as materialized (select ${sql.join(held)} from hits)`,
    sql`scored as materialized (
      select number, ${sql.join(scores, sql` + `)} as score from hits cross join held where ${inDocuments})`,
    sql`by_words as (select number from scored order by score desc, number limit ${sql.lit(depth)})`,
  ];
}
