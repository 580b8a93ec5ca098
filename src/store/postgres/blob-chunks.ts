// Content-addressed bytes in PostgreSQL, in chunks of 1 MB. The hash is known only at the end, so chunks belong to an
// upload, and the last statement gives the upload its hash.
import { createHash, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { BlobStore, Store } from '../store.ts';

const CHUNK_BYTES = 1024 * 1024;
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

export interface BlobChunksOptions {
  db: Kysely<Database>;
  write: Store['write'];
  now: () => number;
}

export async function openBlobChunks({ db, write, now }: BlobChunksOptions): Promise<BlobStore> {
  // Uploads that a killed node left; another node's upload is younger.
  await sql`delete from blob_chunks where created_at < ${now() - ABANDONED_AFTER_MS}
    and not exists (select 1 from blobs where blobs.upload_id = blob_chunks.upload_id)`.execute(db);

  return {
    async put(bytes) {
      const upload = randomUUID();
      const hash = createHash('sha256');
      let sizeBytes = 0;
      let seq = 0;
      try {
        for await (const chunk of inChunks(bytes instanceof Uint8Array ? [bytes] : bytes)) {
          hash.update(chunk);
          sizeBytes += chunk.byteLength;
          await sql`insert into blob_chunks (upload_id, seq, created_at, bytes)
            values (${upload}, ${seq++}, ${now()}, ${chunk})`.execute(db);
        }
      } catch (error) {
        await sql`delete from blob_chunks where upload_id = ${upload}`.execute(db);
        throw error;
      }
      const sha256 = hash.digest('hex');
      await write([
        compilable(sql`insert into blobs (sha256, upload_id, size_bytes, created_at)
          values (${sha256}, ${upload}, ${sizeBytes}, ${now()}) on conflict (sha256) do nothing`),
        // The same bytes were there already: these chunks are a second copy.
        compilable(sql`delete from blob_chunks where upload_id = ${upload}
          and not exists (select 1 from blobs where upload_id = ${upload})`),
      ]);
      return { sha256, sizeBytes };
    },
    async get(sha256) {
      const found = await sql<{
        upload_id: string;
      }>`select upload_id from blobs where sha256 = ${sha256}`.execute(db);
      const upload = found.rows[0]?.upload_id;
      return upload === undefined ? null : chunksOf(upload);
    },
    async remove(sha256) {
      await write([
        compilable(sql`delete from blob_chunks
          where upload_id = (select upload_id from blobs where sha256 = ${sha256})`),
        compilable(sql`delete from blobs where sha256 = ${sha256}`),
      ]);
    },
  };

  function compilable(raw: ReturnType<typeof sql>) {
    return { compile: () => raw.compile(db) };
  }

  async function* chunksOf(upload: string): AsyncIterable<Uint8Array> {
    for (let seq = 0; ; seq++) {
      const { rows } = await sql<{ bytes: Uint8Array }>`select bytes from blob_chunks
        where upload_id = ${upload} and seq = ${seq}`.execute(db);
      if (!rows[0]) return;
      yield rows[0].bytes;
    }
  }
}

/** Regroups bytes, so that a source of tiny pieces does not become a row a piece. */
async function* inChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of source) {
    for (let start = 0; start < piece.byteLength; ) {
      const part = piece.subarray(start, start + CHUNK_BYTES - held);
      pieces.push(part);
      held += part.byteLength;
      start += part.byteLength;
      if (held < CHUNK_BYTES) continue;
      yield Buffer.concat(pieces);
      pieces = [];
      held = 0;
    }
  }
  if (held > 0) yield Buffer.concat(pieces);
}
