// Full-text search on PostgreSQL: words folded and cut by lib/fold-text in a tsvector with a GIN index, ranked by BM25
// (Robertson and Zaragoza 2009), since ts_rank knows no document frequencies. A tsvector is built here rather than by
// to_tsvector, whose parser reads addresses and numbers its own way; its positions only count occurrences.
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import { foldedWords } from '../../lib/fold-text.ts';
import type { Database } from '../schema.ts';
import type { TextIndex } from '../store.ts';
import { valueTable } from '../value-table.ts';

const K1 = 1.2;
const B = 0.75;
/** PostgreSQL keeps at most 255 positions a word and 1 MB a tsvector; words beyond that are not found. */
const MOST_COUNTED = 255;
const MOST_BYTES = 700_000;
/** Rows that are ranked, the newest ids first; a question that matches more is too wide to rank. */
const MOST_RANKED = 2_000;

/** `'chat':1,2 'noir':1`: words hold letters, digits and marks only, so there is nothing to escape. */
function toVector(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, Math.min(MOST_COUNTED, (counts.get(word) ?? 0) + 1));
  const parts: string[] = [];
  let bytes = 0;
  for (const [word, count] of counts) {
    bytes += Buffer.byteLength(word) + 4 + 2 * count;
    if (bytes > MOST_BYTES) break;
    parts.push(`'${word}':${Array.from({ length: count }, (_, index) => index + 1).join(',')}`);
  }
  return parts.join(' ');
}

const columns = {
  collection: 'text',
  id: 'text',
  scope: 'text',
  word_count: 'bigint',
  words: 'text',
} as const;

export function createPostgresTextIndex(db: Kysely<Database>): TextIndex {
  const statement = (raw: RawBuilder<unknown>): Compilable => ({ compile: () => raw.compile(db) });

  const putAll: TextIndex['putAll'] = (collection, documents) => {
    if (documents.length === 0) return [];
    const rows = documents.map(({ id, scope, text }) => {
      const words = foldedWords(text);
      return [collection, id, scope, words.length, toVector(words)];
    });
    return [
      statement(sql`${valueTable('postgres', columns, rows)}
        insert into text_documents (collection, id, scope, word_count, words)
        select collection, id, scope, word_count, words::tsvector from v
        on conflict (collection, id) do update
        set scope = excluded.scope, word_count = excluded.word_count, words = excluded.words`),
    ];
  };

  return {
    putAll,
    put: (collection, id, scope, text) => putAll(collection, [{ id, scope, text }]),
    remove: (collection, id) => [
      statement(sql`delete from text_documents where collection = ${collection} and id = ${id}`),
    ],
    async search(collection, scope, query, limit) {
      const words = foldedWords(query);
      const last = words.at(-1);
      if (last === undefined) return [];
      const terms = [...new Set(words.slice(0, -1))].map((word) => ({ word, prefix: 0, match: `'${word}'` }));
      terms.push({ word: last, prefix: 1, match: `'${last}':*` });
      const all = terms.map(({ match }) => match).join(' & ');
      const rows = sql.join(
        terms.map(({ word, prefix, match }) => sql`(${word}::text, ${prefix}::int, ${match}::tsquery)`),
      );
      const found = await sql<{ id: string }>`select id from (
        with hits as materialized (
          select id, words, word_count from text_documents
          where collection = ${collection} and scope = ${scope} and words @@ ${all}::tsquery
          order by id desc limit ${MOST_RANKED}),
        totals as materialized (
          select count(*)::float8 as documents, greatest(avg(word_count), 1)::float8 as mean_length
          from text_documents where collection = ${collection}),
        terms as materialized (
          select word, prefix, (select count(*)::float8 from text_documents
            where collection = ${collection} and words @@ match) as documents_with
          from (values ${rows}) as term (word, prefix, match))
        select hits.id, sum(
          ln(1 + (totals.documents - documents_with + 0.5) / (documents_with + 0.5))
          * f * ${K1 + 1}::float8
          / (f + ${K1}::float8 * (1 - ${B}::float8 + ${B}::float8 * word_count / mean_length))) as score
        from hits cross join totals cross join terms cross join lateral (
          select coalesce(sum(cardinality(positions)), 0)::float8 as f from unnest(hits.words)
          where lexeme = word or (prefix = 1 and starts_with(lexeme, word))) as frequency
        group by hits.id) as ranked
        order by score desc, id desc limit ${limit}`.execute(db);
      return found.rows.map(({ id }) => id);
    },
  };
}
