// Takes documents in: the original is kept, its row says that it waits, and only then is anything said to the caller.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { KnowledgeDocument } from '../../contracts/knowledge.ts';
import { newId } from '../../lib/ids.ts';
import type { Blob, BlobKeeper } from '../../store/blob-keeper.ts';
import type { Store } from '../../store/store.ts';
import { checkAttributes } from '../attributes.ts';
import type { CollectionRow } from '../collections.ts';
import { cleanPath } from '../document-path.ts';
import { type DocumentRow, toDocument } from '../documents.ts';
import type { NewDocument } from '../knowledge.ts';
import { defaultLimits } from '../parse/limits.ts';
import { pathOrder } from '../path-order.ts';

export interface AddParts {
  store: Store;
  blobs: BlobKeeper;
  now: () => number;
}

export type AddOutcome =
  | { result: 'added' | 'changed'; document: KnowledgeDocument }
  | { result: 'unchanged'; path: string };

/**
 * One document. A document of the same path is replaced when its bytes differ; what it said stays searchable until the
 * new bytes are read.
 * @throws AtelierError path_refused, invalid_request, payload_too_large, storage_full
 */
export async function addDocument(
  collection: Pick<CollectionRow, 'id' | 'user_id'>,
  input: NewDocument,
  { store, blobs, now }: AddParts,
): Promise<AddOutcome> {
  const { db } = store;
  // An address is no path; it is the name of a page.
  const path = input.source?.kind === 'url' ? input.path : cleanPath(input.path);
  const attributes = input.attributes === undefined ? undefined : checkAttributes(input.attributes);
  const present = () =>
    db
      .selectFrom('documents')
      .selectAll()
      .where('collection_id', '=', collection.id)
      .where(pathOrder(store).is(path))
      .executeTakeFirst();
  const described = {
    source: JSON.stringify(input.source ?? { kind: 'upload' }),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) }),
    ...(input.fileId === undefined ? {} : { file_id: input.fileId }),
  };

  async function insert({ sha256, sizeBytes }: Blob): Promise<AddOutcome> {
    const at = now();
    const row: DocumentRow = {
      id: newId('doc', at),
      collection_id: collection.id,
      user_id: collection.user_id,
      path,
      file_id: null,
      status: 'queued',
      error: null,
      warnings: '[]',
      kind: null,
      title: path.split('/').at(-1) || path,
      language: null,
      page_count: null,
      scan_pages: 0,
      passages: 0,
      size_bytes: sizeBytes,
      sha256,
      parsed_sha256: null,
      attributes: '{}',
      created_at: at,
      updated_at: at,
      ...described,
    };
    await store.write([db.insertInto('documents').values(row)]);
    return { result: 'added', document: toDocument(row) };
  }

  async function replace(old: DocumentRow, { sha256, sizeBytes }: Blob): Promise<AddOutcome> {
    const change = {
      ...described,
      status: 'queued',
      error: null,
      sha256,
      size_bytes: sizeBytes,
      updated_at: now(),
    };
    await store.write([db.updateTable('documents').set(change).where('id', '=', old.id)]);
    if (old.sha256 !== sha256) void blobs.free([old.sha256]);
    return { result: 'changed', document: toDocument({ ...old, ...change }) };
  }

  async function put(blob: Blob): Promise<AddOutcome> {
    const old = await present();
    if (old === undefined) return insert(blob);
    // What a person cancelled and adds again is wanted again.
    if (old.sha256 !== blob.sha256 || old.status === 'cancelled') return replace(old, blob);
    if (attributes !== undefined || input.fileId !== undefined) {
      const { source: _, ...change } = described;
      await store.write([db.updateTable('documents').set(change).where('id', '=', old.id)]);
    }
    return { result: 'unchanged', path };
  }

  return blobs.keep(limited(input.bytes, path), async (blob) => {
    try {
      return await put(blob);
    } catch (error) {
      // The same path was added by somebody else a moment ago: now it is there.
      if (isAtelierError(error) && error.code === 'conflict' && (await present())) return put(blob);
      throw error;
    }
  });
}

/** @throws AtelierError payload_too_large in the middle of the stream */
async function* limited(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  const { inputBytes } = defaultLimits;
  let size = 0;
  for await (const part of bytes instanceof Uint8Array ? [bytes] : bytes) {
    size += part.byteLength;
    if (size > inputBytes)
      throw new AtelierError(
        'payload_too_large',
        `${path} has more than ${Math.round(inputBytes / 1024 / 1024)} MB. Split the document.`,
        { data: { name: path, limit: inputBytes } },
      );
    yield part;
  }
}
