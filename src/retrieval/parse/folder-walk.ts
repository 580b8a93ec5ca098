// The files of a folder that a person would call theirs: nothing hidden, no dependencies, and by links nothing outside.
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';

export type SkipReason =
  | 'hidden'
  | 'outside'
  | 'encrypted'
  | 'too-large'
  | 'unreadable'
  | 'twice'
  | 'special';

export type FolderEntry =
  | {
      type: 'file';
      path: string /** Inside the folder, parted by "/". */;
      name: string;
      size: number;
      modifiedAt: number;
    }
  | { type: 'skipped'; name: string; reason: SkipReason };

const ignored = new Set(['node_modules', '__pycache__', '__MACOSX', 'Thumbs.db', 'desktop.ini']);

/** Hidden files, dependencies of programs, and the lock files of Office. */
export function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~$') || ignored.has(name);
}

const DEEPEST = 64;

/**
 * In the order of names, so that two walks of one folder agree. Ignored names are left out without a word.
 * @throws AtelierError not_found when there is no such folder, cancelled
 */
export async function* walkFolder(
  folder: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<FolderEntry> {
  let root: string;
  try {
    root = await realpath(folder);
    if (!(await stat(root)).isDirectory()) throw new Error('it is no folder');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AtelierError('not_found', `${folder} cannot be read as a folder: ${why}.`, {
      data: { folder },
      cause,
    });
  }
  const seen = new Set<string>([root]);

  async function* walk(path: string, depth: number): AsyncGenerator<FolderEntry> {
    let names: string[];
    try {
      names = await readdir(path);
    } catch {
      // Told as an entry, so that one closed folder does not end the walk.
      yield { type: 'skipped', name: nameIn(root, path), reason: 'unreadable' };
      return;
    }
    for (const entry of names.sort()) {
      if (signal?.aborted) throw new AtelierError('cancelled', 'Reading the folder was cancelled.');
      if (isIgnoredName(entry)) continue;
      yield* visit(join(path, entry), depth);
    }
  }

  async function* visit(path: string, depth: number): AsyncGenerator<FolderEntry> {
    const name = nameIn(root, path);
    const found = await look(path);
    if (!found) yield { type: 'skipped', name, reason: 'unreadable' };
    else if (found.real !== root && !found.real.startsWith(root + sep))
      yield { type: 'skipped', name, reason: 'outside' };
    else if (seen.has(found.real)) yield { type: 'skipped', name, reason: 'twice' };
    else if (found.info.isDirectory()) {
      seen.add(found.real);
      if (depth < DEEPEST) yield* walk(path, depth + 1);
    } else if (found.info.isFile()) {
      seen.add(found.real);
      yield { type: 'file', path: found.real, name, size: found.info.size, modifiedAt: found.info.mtimeMs };
    } else yield { type: 'skipped', name, reason: 'special' };
  }

  yield* walk(root, 0);
}

function nameIn(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, '/');
}

async function look(path: string) {
  try {
    const real = await realpath(path);
    return { real, info: await stat(real) };
  } catch {
    // A link to nowhere, or no right to read it: the caller tells it as unreadable.
    return null;
  }
}
