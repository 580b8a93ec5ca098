// The extension pgvector: where its type lives, the table of vectors, and vectors in its binary form. The table is made
// when the index opens and not by a migration, so that a server without the extension still keeps everything else.
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Database } from '../../../store/schema.ts';
import type { Store } from '../../../store/store.ts';
import { fromHalf, toHalf } from '../half.ts';

/** Any number will do that no other program of the same database takes. */
export const SETUP_LOCK = 4_242_002;

export interface VectorType {
  /** `halfvec` with its schema, quoted. */
  name: string;
  type: RawBuilder<unknown>;
  /** The operator of the cosine distance. */
  distance: RawBuilder<unknown>;
  /** The extension's schema, quoted. */
  schema: string;
}

/** @throws AtelierError storage_failed, with the next step, where the extension cannot be had */
export async function prepareVectors(store: Store): Promise<VectorType> {
  const schema = (await extensionSchema(store.db)) ?? (await createExtension(store));
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const statement = (raw: RawBuilder<unknown>): Compilable => ({ compile: () => raw.compile(store.db) });
  const { rows } = await sql`select 1 from pg_tables
    where schemaname = current_schema() and tablename = 'passage_vectors'`.execute(store.db);
  if (rows.length === 0)
    await store.write([
      statement(sql`select pg_advisory_xact_lock(${sql.lit(SETUP_LOCK)})`),
      statement(
        sql.raw(`create table if not exists passage_vectors (
          number bigint primary key references passages (number) on delete cascade, collection_id text not null,
          document_id text not null, dimensions integer not null, embedding ${quoted}.halfvec not null)`),
      ),
      statement(
        sql.raw('create index if not exists passage_vectors_collection on passage_vectors (collection_id)'),
      ),
      statement(
        sql.raw('create index if not exists passage_vectors_document on passage_vectors (document_id)'),
      ),
    ]);
  return {
    name: `${quoted}.halfvec`,
    type: sql.raw(`${quoted}.halfvec`),
    distance: sql.raw(`operator(${quoted}.<=>)`),
    schema: quoted,
  };
}

async function extensionSchema(db: Kysely<Database>): Promise<string | null> {
  const { rows } = await sql<{
    schema: string;
    version: string;
  }>`select n.nspname as schema, e.extversion as version
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'`.execute(db);
  const [found] = rows;
  if (!found) return null;
  const [major = 0, minor = 0] = found.version.split('.').map(Number);
  if (major === 0 && minor < 8)
    throw new AtelierError(
      'storage_failed',
      `The PostgreSQL server has pgvector ${found.version}, and search in documents needs 0.8 or later. Install it there, then run: alter extension vector update;`,
      { data: { extension: 'vector', version: found.version } },
    );
  return found.schema;
}

async function createExtension(store: Store): Promise<string> {
  const statement = (raw: RawBuilder<unknown>): Compilable => ({ compile: () => raw.compile(store.db) });
  try {
    await store.write([
      statement(sql`select pg_advisory_xact_lock(${sql.lit(SETUP_LOCK)})`),
      statement(sql.raw('create extension if not exists vector schema public')),
    ]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtelierError(
      'storage_failed',
      `Search in documents needs the extension pgvector on the PostgreSQL server, and it could not be switched on: ${reason} Install the package pgvector (0.8 or later) for that server, then let an administrator run in this database: create extension vector;`,
      { cause: error, data: { extension: 'vector' } },
    );
  }
  return (await extensionSchema(store.db)) ?? 'public';
}

/** The binary form of a halfvec: i16 dimensions, i16 zero, then the halves, all big-endian. */
export function toWire(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 + vector.length * 2);
  bytes.writeUInt16BE(vector.length, 0);
  for (let at = 0; at < vector.length; at++) bytes.writeUInt16BE(toHalf(vector[at] ?? 0), 4 + at * 2);
  return bytes;
}

export function fromWire(bytes: Uint8Array): Float32Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = new Float32Array(buffer.readUInt16BE(0));
  for (let at = 0; at < vector.length; at++) vector[at] = fromHalf(buffer.readUInt16BE(4 + at * 2));
  return vector;
}
