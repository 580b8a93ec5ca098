// The files of a user's folder and the version of each: a hash that changes when the file must be loaded anew.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface UserFile {
  /** Within the folder. */
  name: string;
  version: string;
}

const CODE = /\.(ts|mts|js|mjs)$/;
const NO_ENTRY = /(^[._])|(\.d\.m?ts$)|(\.test\.)/;
/** A file that imports neighbours changes with any of them. */
const NEIGHBOUR = /['"]\.{1,2}\//;

const hash = (...parts: readonly string[]) =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);

/** Files at the top, each one a tool or an app; what starts with `_`, and folders, are there to be imported. */
export async function listFiles(folder: string): Promise<UserFile[]> {
  const sources = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (
      !CODE.test(entry.name) ||
      !(entry.isFile() || entry.isSymbolicLink()) ||
      path.includes('node_modules')
    )
      continue;
    try {
      sources.set(path, await readFile(path, 'utf8'));
    } catch (error) {
      // Gone between the listing and the reading, or a broken link: the next look decides.
      if (!['ENOENT', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  const all = hash(...[...sources].sort(([a], [b]) => (a < b ? -1 : 1)).flat());
  return [...sources]
    .filter(
      ([path]) =>
        !NO_ENTRY.test(path.slice(folder.length + 1)) && !/[\\/]/.test(path.slice(folder.length + 1)),
    )
    .map(([path, source]) => ({
      name: path.slice(folder.length + 1),
      version: NEIGHBOUR.test(source) ? hash(source, all) : hash(source),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
