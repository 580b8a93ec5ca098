// What both files of the vector-store wire share: the ids, and how uploaded files come into a collection.
import { z } from '@hono/zod-openapi';
import type { Identity } from '../../../contracts/identity.ts';
import type { Attributes } from '../../../contracts/knowledge.ts';
import type { Files } from '../../../retrieval/files.ts';
import type { Knowledge, NewDocument } from '../../../retrieval/knowledge.ts';
import type { StoredFiles } from '../../../retrieval/stored-files.ts';

export interface VectorStoreServices {
  knowledge: Knowledge;
  files: Files;
  storedFiles: StoredFiles;
}

export const storeParam = z.object({ storeId: z.string().min(1).max(512) });

export const toStoreId = (collectionId: string): string => collectionId.replace(/^col_/, 'vs_');
export const toCollectionId = (storeId: string): string => storeId.replace(/^vs_/, 'col_');

export interface FileToAdd {
  file_id: string;
  attributes?: Attributes | null | undefined;
}

/** Hands uploaded files to the knowledge service. @throws AtelierError not_found before anything is added */
export async function addFiles(
  { knowledge, files, storedFiles }: VectorStoreServices,
  who: Identity,
  collectionId: string,
  entries: readonly FileToAdd[],
) {
  for (const { file_id } of entries) await files.get(who, file_id);
  async function* documents(): AsyncGenerator<NewDocument> {
    for (const { file_id, attributes } of entries) {
      const { file, bytes } = await files.content(who, file_id);
      yield {
        path: await storedFiles.freePath(who, collectionId, file),
        bytes,
        fileId: file_id,
        ...(attributes ? { attributes } : {}),
      };
    }
  }
  return knowledge.add(who, collectionId, documents());
}
