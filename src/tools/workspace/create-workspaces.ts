// A folder of files a run, with a limit on its size: what an agent may read and write without harm to anything else.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Workspace, WorkspaceEntry } from '../../contracts/tool.ts';
import { type CallJournal, type ChangeRecord, createCallJournal, sha256 } from './call-journal.ts';
import { checkPath } from './check-path.ts';
import { locate, openFile, walk } from './run-folder.ts';

export interface WorkspaceLimits {
  maxBytes: number;
  maxFiles: number;
  maxFileBytes: number;
}

export interface WorkspacesOptions extends Partial<WorkspaceLimits> {
  /** Holds one folder a run: `files/`, and beside it the record of its calls. */
  root: string;
}

export interface Workspaces {
  /** Makes the folder when it is new, and settles what a killed process left in it. */
  open(runId: string): Promise<Workspace>;
  remove(runId: string): Promise<void>;
}

const MB = 1024 * 1024;

export function createWorkspaces({ root, ...limits }: WorkspacesOptions): Workspaces {
  const { maxBytes = 100 * MB, maxFiles = 1000, maxFileBytes = 20 * MB } = limits;
  const open = new Map<string, Promise<Workspace>>();
  const folderOf = (runId: string) => {
    if (!/^[a-zA-Z0-9_-]{1,100}$/.test(runId))
      throw new AtelierError('path_refused', `${JSON.stringify(runId)} is no id of a run.`);
    return join(root, runId);
  };
  return {
    open(runId) {
      const known = open.get(runId);
      if (known !== undefined) return known;
      const opening = openWorkspace(folderOf(runId), { maxBytes, maxFiles, maxFileBytes });
      open.set(runId, opening);
      opening.catch(() => open.delete(runId));
      return opening;
    },
    async remove(runId) {
      open.delete(runId);
      await rm(folderOf(runId), { recursive: true, force: true });
    },
  };
}

async function openWorkspace(folder: string, limits: WorkspaceLimits): Promise<Workspace> {
  await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, 'calls'), { recursive: true, mode: 0o700 });
  const root = await realpath(join(folder, 'files'));
  const journal = createCallJournal(join(folder, 'calls'));
  await journal.recover((path) => join(root, ...checkPath(path)));

  // One change at a time: sizes are measured before a change and must still hold in it.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => work()).catch((error: unknown) => Promise.reject(explain(error)));
    turn = mine.catch(() => {});
    return mine;
  };

  const find = async (path: string) => {
    const { entry, place } = await locate(root, checkPath(path));
    if (entry === null)
      throw new AtelierError('not_found', `There is no file ${JSON.stringify(path)} in this run.`, {
        data: { path },
      });
    return { entry, place };
  };
  const findFile = async (path: string) => {
    const found = await find(path);
    if (found.entry.kind === 'folder')
      throw new AtelierError('path_refused', `${JSON.stringify(path)} is a folder.`, { data: { path } });
    return found;
  };

  const usage = async () => {
    const files = (await walk(root)).filter(({ kind }) => kind === 'file');
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { bytes, maxBytes: limits.maxBytes, files: files.length, maxFiles: limits.maxFiles };
  };
  const checkRoom = async (before: WorkspaceEntry | null, size: number) => {
    const { bytes, files } = await usage();
    const full = (what: string, data: Record<string, unknown>) =>
      new AtelierError('workspace_full', `${what} Delete files that are no longer needed.`, { data });
    if (size > limits.maxFileBytes)
      throw full(`A file may have ${limits.maxFileBytes} bytes; this one would have ${size}.`, {
        size,
        ...limits,
      });
    if (bytes - (before?.bytes ?? 0) + size > limits.maxBytes)
      throw full(`The run's folder may hold ${limits.maxBytes} bytes and has ${bytes}.`, {
        bytes,
        size,
        ...limits,
      });
    if (before === null && files >= limits.maxFiles)
      throw full(`The run's folder may hold ${limits.maxFiles} files.`, { files, ...limits });
  };

  async function change(
    kind: 'write' | 'append',
    path: string,
    content: string | Uint8Array,
    callId?: string,
  ) {
    const segments = checkPath(path);
    if (segments.length === 0)
      throw new AtelierError('path_refused', 'A file needs a name.', { data: { path } });
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const clean = segments.join('/');
    return once(
      journal,
      callId,
      { kind, path: clean, bytes: bytes.length, sha256: sha256(bytes) },
      async (begin) => {
        const { entry } = await locate(root, segments);
        if (entry?.kind === 'folder')
          throw new AtelierError('path_refused', `${JSON.stringify(path)} is a folder.`, { data: { path } });
        await checkRoom(entry, kind === 'append' ? (entry?.bytes ?? 0) + bytes.length : bytes.length);
        const { place } = await locate(root, segments, true);
        await begin(entry?.bytes ?? 0);
        await (kind === 'append' ? appendTo(place, bytes) : replace(place, bytes, folder));
      },
    ).then(async () => {
      const { entry } = await locate(root, segments);
      // A repeated call whose file was deleted since.
      return entry ?? { path: clean, kind: 'file' as const, bytes: 0, modifiedAt: 0 };
    });
  }

  return {
    list: (path = '') =>
      inTurn(async () => {
        const { entry } = await find(path);
        if (entry.kind === 'file') return [entry];
        return walk(root, checkPath(path));
      }),
    read: (path) =>
      inTurn(async () => {
        const { place, entry } = await findFile(path);
        if (entry.bytes > limits.maxFileBytes)
          throw new AtelierError(
            'response_too_large',
            `${path} has ${entry.bytes} bytes, more than ${limits.maxFileBytes}.`,
          );
        const file = await openFile(place, constants.O_RDONLY);
        try {
          return new Uint8Array(await file.readFile());
        } finally {
          await file.close();
        }
      }),
    write: (path, content, callId) => inTurn(() => change('write', path, content, callId)),
    append: (path, content, callId) => inTurn(() => change('append', path, content, callId)),
    delete: (path, callId) =>
      inTurn(() => {
        const clean = checkPath(path).join('/');
        return once(journal, callId, { kind: 'delete', path: clean, bytes: 0, sha256: '' }, async (begin) => {
          const { place } = await findFile(path);
          await begin(0);
          await rm(place);
          await removeEmpty(root, dirname(place));
        });
      }),
    usage: () => inTurn(usage),
  };
}

/** Runs `work` unless the call has had its effect; `begin` stands right before the effect. */
async function once(
  journal: CallJournal,
  callId: string | undefined,
  planned: Omit<ChangeRecord, 'callId' | 'sizeBefore'>,
  work: (begin: (sizeBefore: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (callId === undefined) return work(async () => {});
  const done = await journal.done(callId);
  if (done !== null) {
    if (done.kind === planned.kind && done.path === planned.path && done.sha256 === planned.sha256) return;
    throw new AtelierError(
      'conflict',
      `The call ${callId} has already changed ${done.path} in another way.`,
      {
        data: { callId, path: done.path },
      },
    );
  }
  let begun = false;
  try {
    await work(async (sizeBefore) => {
      await journal.begin({ ...planned, callId, sizeBefore });
      begun = true;
    });
  } catch (error) {
    if (begun) await journal.drop(callId);
    throw error;
  }
  await journal.finish(callId);
}

async function appendTo(place: string, bytes: Uint8Array): Promise<void> {
  const file = await openFile(place, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  try {
    const { size } = await file.stat();
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** All or nothing: a reader sees the old file or the new one. */
async function replace(place: string, bytes: Uint8Array, scratch: string): Promise<void> {
  const temporary = join(scratch, `${randomBytes(8).toString('hex')}.tmp`);
  const file = await openFile(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  await rename(temporary, place);
}

/** Folders exist through their files. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let place = folder; place.startsWith(root) && place !== root; place = dirname(place)) {
    try {
      await rmdir(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return;
      throw error;
    }
  }
}

function explain(error: unknown): AtelierError {
  if (isAtelierError(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AtelierError('storage_full', 'The disk is full. Free some space, then try again.', {
      cause: error,
    });
  if (code === 'ELOOP')
    return new AtelierError('path_refused', 'A part of the path is a link.', { cause: error });
  return new AtelierError('storage_failed', `The run's folder could not be used: ${message}`, {
    cause: error,
  });
}
