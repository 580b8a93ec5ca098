// Full-text search by SQLite's FTS5, ranked by its BM25. Words are folded and cut by lib/fold-text, so that a question
// is only ever a list of words: no quote, operator or emoji in it can reach FTS5's own syntax.
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import { foldedWords } from '../../lib/fold-text.ts';
import type { Database } from '../schema.ts';
import type { TextIndex } from '../store.ts';

export function createSqliteTextIndex(db: Kysely<Database>): TextIndex {
  const statement = (raw: RawBuilder<unknown>): Compilable => ({ compile: () => raw.compile(db) });
  const number = (collection: string, id: string) =>
    sql`select number from text_documents where collection = ${collection} and id = ${id}`;

  return {
    put: (collection, id, scope, text) => [
      statement(sql`insert into text_documents (collection, id, scope) values (${collection}, ${id}, ${scope})
        on conflict (collection, id) do update set scope = excluded.scope`),
      statement(sql`delete from text_index where rowid = (${number(collection, id)})`),
      statement(sql`insert into text_index (rowid, words)
        values ((${number(collection, id)}), ${foldedWords(text).join(' ')})`),
    ],
    remove: (collection, id) => [
      statement(sql`delete from text_index where rowid = (${number(collection, id)})`),
      statement(sql`delete from text_documents where collection = ${collection} and id = ${id}`),
    ],
    async search(collection, scope, query, limit) {
      const words = foldedWords(query);
      if (words.length === 0) return [];
      const match = `${words.map((word) => `"${word}"`).join(' ')}*`;
      const { rows } = await sql<{ id: string }>`select d.id from text_index i
        join text_documents d on d.number = i.rowid
        where i.text_index match ${match} and d.collection = ${collection} and d.scope = ${scope}
        order by bm25(text_index), d.number desc limit ${limit}`.execute(db);
      return rows.map(({ id }) => id);
    },
  };
}
