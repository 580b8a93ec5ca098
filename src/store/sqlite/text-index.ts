// Full-text search by SQLite's FTS5, ranked by its BM25. Words are folded and cut by lib/fold-text, so that a question
// is only ever a list of words: no quote, operator or emoji in it can reach FTS5's own syntax.
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import { foldedWords } from '../../lib/fold-text.ts';
import type { Database } from '../schema.ts';
import type { TextIndex } from '../store.ts';
import { valueTable } from '../value-table.ts';

const columns = { collection: 'text', id: 'text', scope: 'text', words: 'text' } as const;

export function createSqliteTextIndex(db: Kysely<Database>): TextIndex {
  const statement = (raw: RawBuilder<unknown>): Compilable => ({ compile: () => raw.compile(db) });
  const number = (collection: string, id: string) =>
    sql`select number from text_documents where collection = ${collection} and id = ${id}`;

  const putAll: TextIndex['putAll'] = (collection, documents) => {
    if (documents.length === 0) return [];
    const v = valueTable(
      'sqlite',
      columns,
      documents.map(({ id, scope, text }) => [collection, id, scope, foldedWords(text).join(' ')]),
    );
    const stored = sql.raw('v join text_documents d on d.collection = v.collection and d.id = v.id');
    return [
      // First what is replaced: a document that is new has no words to delete.
      statement(sql`${v} delete from text_index where rowid in (select d.number from ${stored})`),
      statement(sql`${v} insert into text_documents (collection, id, scope) select collection, id, scope from v where 1 = 1
        on conflict (collection, id) do update set scope = excluded.scope`),
      statement(sql`${v} insert into text_index (rowid, words) select d.number, v.words from ${stored}`),
    ];
  };

  return {
    putAll,
    put: (collection, id, scope, text) => putAll(collection, [{ id, scope, text }]),
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
