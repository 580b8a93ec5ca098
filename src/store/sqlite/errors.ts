// SQLite's result codes (https://www.sqlite.org/rescode.html) as errors with a next step.
import { AtelierError } from '../../contracts/errors.ts';
import type { SqliteFailure } from './messages.ts';

const primary = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  constraint: 19,
  notadb: 26,
};
const constraint = { foreignKey: 787, primaryKey: 1555, unique: 2067 };

export function sqliteError({ message, errcode }: SqliteFailure, path: string): AtelierError {
  const options = { data: { path, sqlite: message, errcode: errcode ?? null } };
  if (errcode === undefined) return new AtelierError('internal', `The store failed: ${message}`, options);
  switch (errcode & 0xff) {
    case primary.full:
      return new AtelierError(
        'storage_full',
        `The disk that holds ${path} is full; nothing of this change was stored. Free some space and try again.`,
        { ...options, retryable: true },
      );
    case primary.constraint:
      if (errcode === constraint.unique || errcode === constraint.primaryKey)
        return new AtelierError('conflict', `That exists already (${message}).`, options);
      if (errcode === constraint.foreignKey)
        return new AtelierError(
          'conflict',
          'The row that this one belongs to does not exist (any more).',
          options,
        );
      break;
    case primary.busy:
    case primary.locked:
      return new AtelierError(
        'storage_failed',
        `Another program is writing to ${path}. Close it and try again.`,
        { ...options, retryable: true },
      );
    case primary.readonly:
    case primary.perm:
      return new AtelierError(
        'storage_failed',
        `${path} may only be read. Give your user the right to write to it and its folder, or choose another folder with --data.`,
        options,
      );
    case primary.cantopen:
      return new AtelierError(
        'storage_failed',
        `${path} cannot be opened. See that its folder exists and that your user may write to it, or choose another folder with --data.`,
        options,
      );
    case primary.corrupt:
    case primary.notadb:
      return new AtelierError(
        'storage_failed',
        `${path} is damaged (${message}). Stop Atelier, move the file and its -wal and -shm companions away, and put a backup in their place.`,
        options,
      );
    case primary.ioerr:
      return new AtelierError(
        'storage_failed',
        `${path} could not be read or written (${message}). Check the disk and try again.`,
        options,
      );
  }
  return new AtelierError('internal', `The store refused a statement: ${message}`, options);
}
