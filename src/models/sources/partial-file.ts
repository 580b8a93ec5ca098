// A file that grows from the front: appended to, hashed on the way, cut back to a known length when a fetch goes on.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { freeBytes, isDiskFull, isMissing } from '../../lib/disk.ts';
import { throwIfStopped } from './source.ts';

export interface PartialFile {
  readonly bytes: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Everything appended so far is on the disk when it resolves. */
  sync(): Promise<void>;
  /** Back to nothing. */
  restart(): Promise<void>;
  /** The hash of the whole; nothing can be appended after it. */
  digest(): string;
  close(): Promise<void>;
}

export interface OpenPartialOptions {
  /** Keep at most this much of what is there. Default: all of it. */
  keep?: number;
  /** What the finished file will take, for the message when the disk is full. */
  totalBytes: number | null;
  signal: AbortSignal;
  /** Told while the bytes that are there already are read for the hash. */
  onHashed?: (bytes: number) => void;
  /** How the file is opened; a test gives one that runs full. */
  openFile?: (path: string, flags: string) => Promise<FileHandle>;
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** @throws AtelierError storage_full, storage_failed, cancelled */
export async function openPartial(path: string, options: OpenPartialOptions): Promise<PartialFile> {
  const { totalBytes, signal } = options;
  const openFile = options.openFile ?? open;
  let bytes = Math.min(await sizeOf(path), options.keep ?? Number.POSITIVE_INFINITY);
  let hash = await hashFront(path, bytes, signal, options.onHashed);
  const file = await openFile(path, bytes > 0 ? 'r+' : 'w').catch((error) => {
    throw asStorageError(error, path);
  });
  const guarded = async (step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      if (!isDiskFull(error)) throw asStorageError(error, path);
      throw await storageFull(dirname(path), Math.max(0, (totalBytes ?? bytes) - bytes), error);
    }
  };
  try {
    await guarded(() => file.truncate(bytes));
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    get bytes() {
      return bytes;
    },
    append: (chunk) =>
      guarded(async () => {
        for (let written = 0; written < chunk.length; ) {
          written += (await file.write(chunk, written, chunk.length - written, bytes + written)).bytesWritten;
        }
        bytes += chunk.length;
        hash.update(chunk);
      }),
    sync: () => guarded(() => file.sync()),
    restart: () =>
      guarded(async () => {
        await file.truncate(0);
        bytes = 0;
        hash = createHash('sha256');
      }),
    digest: () => hash.digest('hex'),
    close: () => file.close(),
  };
}

async function hashFront(
  path: string,
  bytes: number,
  signal: AbortSignal,
  onHashed?: (bytes: number) => void,
): Promise<Hash> {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  let done = 0;
  for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1 << 20 })) {
    throwIfStopped(signal);
    hash.update(chunk);
    done += chunk.length;
    onHashed?.(done);
  }
  return hash;
}

/** Refuses before the first byte what cannot end well. @throws AtelierError storage_full */
export async function requireSpace(
  folder: string,
  neededBytes: number,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<void> {
  const available = await free(folder);
  if (available < neededBytes) throw fullError(folder, neededBytes, available);
}

export async function storageFull(
  folder: string,
  neededBytes: number,
  cause: unknown,
): Promise<AtelierError> {
  return fullError(folder, neededBytes, await freeBytes(folder), cause);
}

function fullError(folder: string, neededBytes: number, freeBytes: number, cause?: unknown): AtelierError {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  return new AtelierError(
    'storage_full',
    `The disk of ${folder} has ${megabytes(freeBytes)} free and ${megabytes(neededBytes)} are needed. Free some space, or choose another folder with --data.`,
    { data: { folder, neededBytes, freeBytes }, cause },
  );
}

function asStorageError(error: unknown, path: string): AtelierError {
  const why = error instanceof Error ? error.message : String(error);
  return new AtelierError(
    'storage_failed',
    `${path} could not be written: ${why}. Check the folder's permissions.`,
    {
      data: { path },
      cause: error,
    },
  );
}
