// Uploaded files as the OpenAI files wire has them: kept bytes under an id, until a collection takes them in or they go.

import { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import { newId } from '../lib/ids.ts';
import type { BlobKeeper } from '../store/blob-keeper.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface StoredFile {
  id: string;
  name: string;
  purpose: string;
  sha256: string;
  sizeBytes: number;
  createdAt: number;
}

export interface Files {
  /**
   * Kept when it resolves. The purpose is asked after the bytes are read, since in a form it may follow the file.
   * @throws AtelierError storage_full
   */
  create(
    who: Identity,
    file: {
      name: string;
      bytes: AsyncIterable<Uint8Array> | Uint8Array;
      purpose: string | (() => Promise<string>);
    },
  ): Promise<StoredFile>;
  list(
    who: Identity,
    options: { purpose?: string; after?: string; limit: number; order: 'asc' | 'desc' },
  ): Promise<{ files: StoredFile[]; more: boolean }>;
  /** @throws AtelierError not_found, also for another person's */
  get(who: Identity, id: string): Promise<StoredFile>;
  content(who: Identity, id: string): Promise<{ file: StoredFile; bytes: AsyncIterable<Uint8Array> }>;
  /** Documents that were made from it keep their own reference to the bytes. */
  remove(who: Identity, id: string): Promise<void>;
}

function toFile(row: Database['files']): StoredFile {
  return {
    id: row.id,
    name: row.name,
    purpose: row.purpose,
    sha256: row.sha256,
    sizeBytes: row.size_bytes,
    createdAt: row.created_at,
  };
}

export interface FilesOptions {
  store: Store;
  blobs: BlobKeeper;
  now?: () => number;
}

export function createFiles({ store, blobs, now = Date.now }: FilesOptions): Files {
  const { db } = store;
  const own = (who: Identity) => db.selectFrom('files').selectAll().where('user_id', '=', who.userId);

  async function get(who: Identity, id: string): Promise<StoredFile> {
    const row = await own(who).where('id', '=', id).executeTakeFirst();
    if (row === undefined)
      throw new AtelierError('not_found', `There is no file ${id}. It may have been deleted.`, {
        data: { id },
      });
    return toFile(row);
  }

  return {
    create: (who, { name, bytes, purpose }) =>
      blobs.keep(bytes, async ({ sha256, sizeBytes }) => {
        const at = now();
        const row = {
          id: newId('file', at).replace('_', '-'),
          user_id: who.userId,
          name,
          purpose: typeof purpose === 'string' ? purpose : await purpose(),
          sha256,
          size_bytes: sizeBytes,
          created_at: at,
        };
        await store.write([db.insertInto('files').values(row)]);
        return toFile(row);
      }),
    async list(who, { purpose, after, limit, order }) {
      const compare = order === 'asc' ? '>' : '<';
      let query = own(who)
        .orderBy('id', order)
        .limit(limit + 1);
      if (purpose !== undefined) query = query.where('purpose', '=', purpose);
      if (after !== undefined) query = query.where('id', compare, after);
      const rows = await query.execute();
      return { files: rows.slice(0, limit).map(toFile), more: rows.length > limit };
    },
    get,
    async content(who, id) {
      const file = await get(who, id);
      const bytes = await store.blobs.get(file.sha256);
      if (bytes === null)
        throw new AtelierError(
          'storage_failed',
          `The bytes of ${file.name} (${id}) are gone from the data folder.`,
          {
            data: { id, sha256: file.sha256 },
          },
        );
      return { file, bytes };
    },
    async remove(who, id) {
      const { sha256 } = await get(who, id);
      await store.write([db.deleteFrom('files').where('id', '=', id).where('user_id', '=', who.userId)]);
      await blobs.free([sha256]);
    },
  };
}
