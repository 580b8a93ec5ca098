// A file that is there whole or not at all: written beside its place, and refused before that if it cannot fit.
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import { freeBytes, isDiskFull, SPARE_BYTES, syncFolder } from '../../lib/disk.ts';

/** Where it is written first. */
export const partOf = (path: string) => `${path}.part`;

/** @throws AtelierError storage_full with both numbers; and what `write` throws, when nothing is left behind */
export async function wholeFile(
  path: string,
  bytes: number,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const neededBytes = bytes + SPARE_BYTES;
  await mkdir(folder, { recursive: true });
  if ((await freeBytes(folder)) < neededBytes) throw await full(folder, neededBytes);
  const part = partOf(path);
  try {
    await write(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw isDiskFull(error) ? await full(folder, neededBytes, error) : error;
  }
  await syncFolder(folder);
}

async function full(folder: string, neededBytes: number, cause?: unknown): Promise<AtelierError> {
  const free = await freeBytes(folder);
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  return new AtelierError(
    'storage_full',
    `The disk of ${folder} has ${megabytes(free)} free and ${megabytes(neededBytes)} are needed. Free some space, or choose another folder with --data.`,
    { data: { folder, neededBytes, freeBytes: free }, cause },
  );
}
