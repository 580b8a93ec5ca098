// The folder that holds everything: made for its owner alone, and proved writable before anything is put into it.
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { AtelierError } from '../contracts/errors.ts';

/** @throws AtelierError storage_failed, storage_full */
export async function ensureDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw dataFolderError(error, dataDir);
  }
}

/** What a file operation in the data folder says when it fails. */
export function dataFolderError(cause: unknown, dataDir: string): AtelierError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const options = { cause, data: { dataDir, code } };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AtelierError(
      'storage_full',
      `The disk that holds the data folder ${dataDir} is full. Free some space, or choose another folder with --data.`,
      { ...options, retryable: true },
    );
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new AtelierError(
      'storage_failed',
      `The data folder ${dataDir} cannot be made: a file stands in its way. Choose another folder with --data.`,
      options,
    );
  return new AtelierError(
    'storage_failed',
    `The data folder ${dataDir} cannot be written (${code}). Give your user the right to write to it, or choose another folder with --data.`,
    options,
  );
}
