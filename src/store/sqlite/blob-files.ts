// Content-addressed files beside SQLite: written under a temporary name, synced, then renamed to their sha256.
import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { syncFolder } from '../../lib/disk.ts';
import type { BlobStore } from '../store.ts';

const isSha256 = (value: string) => /^[0-9a-f]{64}$/.test(value);

async function* readBlob(path: string, folder: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw blobError(error, folder);
  }
}

export async function openBlobFiles(folder: string): Promise<BlobStore> {
  const uploads = join(folder, 'uploads');
  // What lies there was cut off in the middle: only one process holds the data folder.
  await rm(uploads, { recursive: true, force: true });

  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  const exists = (path: string) =>
    access(path, constants.R_OK).then(
      () => true,
      () => false,
    );

  return {
    async put(bytes) {
      const upload = join(uploads, randomUUID());
      const hash = createHash('sha256');
      let sizeBytes = 0;
      try {
        await mkdir(uploads, { recursive: true });
        const file = await open(upload, 'wx');
        try {
          for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
            hash.update(chunk);
            sizeBytes += chunk.byteLength;
            await file.writeFile(chunk);
          }
          await file.sync();
        } finally {
          await file.close();
        }
        const sha256 = hash.digest('hex');
        const target = pathOf(sha256);
        if (await exists(target)) await rm(upload);
        else {
          await mkdir(join(target, '..'), { recursive: true });
          await rename(upload, target);
          await syncFolder(join(target, '..'));
        }
        return { sha256, sizeBytes };
      } catch (error) {
        await rm(upload, { force: true });
        throw blobError(error, folder);
      }
    },
    async get(sha256) {
      if (!isSha256(sha256) || !(await exists(pathOf(sha256)))) return null;
      // Opened by the first read and not before: a file that went in between fails that read and not the process.
      return readBlob(pathOf(sha256), folder);
    },
    async remove(sha256) {
      if (isSha256(sha256)) await rm(pathOf(sha256), { force: true });
    },
  };
}

function blobError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AtelierError(
      'storage_full',
      `The disk that holds ${folder} is full. Free some space and try again.`,
      {
        cause: error,
        data: { folder },
        retryable: true,
      },
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new AtelierError(
      'storage_failed',
      `${folder} cannot be written. Give your user the right to write to it, or choose another folder with --data.`,
      { cause: error, data: { folder } },
    );
  return error;
}
