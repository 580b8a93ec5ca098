// Finds files in the folder of a run without ever leaving it: no component may be a link, no file may have two names.
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError } from '../../contracts/errors.ts';
import type { WorkspaceEntry } from '../../contracts/tool.ts';

const code = (error: unknown) => (error as NodeJS.ErrnoException).code;

async function look(place: string) {
  try {
    return await lstat(place);
  } catch (error) {
    if (code(error) === 'ENOENT' || code(error) === 'ENOTDIR') return null;
    throw error;
  }
}

const refuse = (path: string, why: string) =>
  new AtelierError('path_refused', `The path ${JSON.stringify(path)} is not allowed: ${why}.`, {
    data: { path },
  });

export interface Located {
  place: string;
  entry: WorkspaceEntry | null;
}

/** Walks from `root` (a real path) to the file. With `create`, missing folders on the way are made. */
export async function locate(root: string, segments: readonly string[], create = false): Promise<Located> {
  const path = segments.join('/');
  let place = root;
  for (const [at, segment] of segments.entries()) {
    place = join(place, segment);
    const last = at === segments.length - 1;
    const found = await look(place);
    if (found?.isSymbolicLink()) throw refuse(path, 'a part of it is a link');
    if (last) return { place, entry: found === null ? null : entryOf(path, found) };
    if (found === null) {
      if (!create) return { place: join(root, ...segments), entry: null };
      await mkdir(place, { mode: 0o700 });
    } else if (!found.isDirectory()) throw refuse(path, `${segments.slice(0, at + 1).join('/')} is a file`);
  }
  return { place: root, entry: { path: '', kind: 'folder', bytes: 0, modifiedAt: 0 } };
}

function entryOf(path: string, found: Awaited<ReturnType<typeof lstat>>): WorkspaceEntry {
  if (!found.isFile() && !found.isDirectory()) throw refuse(path, 'it is neither a file nor a folder');
  if (found.isFile() && Number(found.nlink) > 1) throw refuse(path, 'the file has a second name elsewhere');
  return {
    path,
    kind: found.isDirectory() ? 'folder' : 'file',
    bytes: found.isDirectory() ? 0 : Number(found.size),
    modifiedAt: Math.round(Number(found.mtimeMs)),
  };
}

/** Opens without following a link that came between the look and the opening. */
export function openFile(place: string, flags: number): Promise<FileHandle> {
  return open(place, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
}

/** Files and folders below `folder`, sorted; links and other oddities are left out. */
export async function walk(root: string, below: readonly string[] = []): Promise<WorkspaceEntry[]> {
  const entries: WorkspaceEntry[] = [];
  const folder = join(root, ...below);
  for (const { name } of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const found = await look(join(folder, name));
    if (found === null || (!found.isFile() && !found.isDirectory())) continue;
    const path = [...below, name].join('/');
    entries.push({
      path,
      kind: found.isDirectory() ? 'folder' : 'file',
      bytes: found.isDirectory() ? 0 : found.size,
      modifiedAt: Math.round(found.mtimeMs),
    });
    if (found.isDirectory()) entries.push(...(await walk(root, [...below, name])));
  }
  return entries;
}
