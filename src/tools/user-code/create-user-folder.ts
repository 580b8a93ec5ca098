// A folder of a user's code files: each is tried in a thread of its own, loaded, and loaded anew when it changes. A file
// that is broken shows its error in its place; the others and the server do not notice. What the files hold (tools,
// apps) is the caller's matter.
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ErrorBody, type ErrorCode, isAtelierError } from '../../contracts/errors.ts';
import { createEmitter } from '../../lib/emitter.ts';
import type { Log } from '../../lib/log.ts';
import { checkFile, fileError } from './check-file.ts';
import { listFiles, type UserFile } from './list-files.ts';
import { installResolveHook } from './resolve-hook.ts';

export interface UserFolderOptions<Content> {
  folder: string;
  log: Log;
  /** Longest loading of one file. */
  loadTimeoutMs?: number;
  /** Between looks at the folder where the system cannot tell of changes. */
  pollMs?: number;
  importModule?: (url: string) => Promise<Record<string, unknown>>;
  /** For the log: tool, app. */
  noun: string;
  /** Of a file that fails while it loads. */
  code: ErrorCode;
  /** @throws AtelierError when the file exports nothing that can be used */
  collect(file: string, exports: Readonly<Record<string, unknown>>): Content;
}

export interface UserFolder<Content> {
  /** By name. */
  files(): { file: string; content: Content }[];
  faults(): { file: string; error: ErrorBody }[];
  onChange(listener: () => void): () => void;
  /** Looks at the folder now. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

type Loaded<Content> = { version: string } & ({ content: Content } | { error: ErrorBody });

const SETTLE_MS = 120;

/** Makes the folder, loads what is in it, and follows changes. */
export async function createUserFolder<Content>(
  options: UserFolderOptions<Content>,
): Promise<UserFolder<Content>> {
  const { log, noun, code, collect, loadTimeoutMs = 10_000, pollMs = 3_000 } = options;
  const importModule = options.importModule ?? ((url: string) => import(url));
  await mkdir(options.folder, { recursive: true });
  const folder = await realpath(options.folder);
  const folderUrl = `${pathToFileURL(folder).href}/`;
  const removeHook = installResolveHook(folderUrl);
  const loaded = new Map<string, Loaded<Content>>();
  const changes = createEmitter<void>((error) =>
    log.error(`a listener of the user’s ${noun}s failed`, { error: String(error) }),
  );

  async function load({ name, version }: UserFile): Promise<Loaded<Content>> {
    const url = `${pathToFileURL(join(folder, name)).href}?v=${version}`;
    try {
      await checkFile(name, { url, folderUrl }, { timeoutMs: loadTimeoutMs, code });
      return { version, content: collect(name, await importModule(url)) };
    } catch (cause) {
      const error = isAtelierError(cause)
        ? cause
        : fileError(name, cause instanceof Error ? cause : new Error(String(cause)), code);
      log.warn(`a user’s ${noun} cannot be used`, { file: name, code: error.code });
      return { version, error: error.toJSON() };
    }
  }

  async function look(): Promise<void> {
    const files = await listFiles(folder);
    let changed = false;
    for (const name of loaded.keys())
      if (!files.some((file) => file.name === name)) changed = loaded.delete(name) || changed;
    for (const file of files) {
      if (loaded.get(file.name)?.version === file.version) continue;
      loaded.set(file.name, await load(file));
      changed = true;
    }
    if (changed) changes.emit();
  }

  // One look at a time; a wish during a look is another look after it.
  let looking: Promise<void> = Promise.resolve();
  const reload = () => {
    looking = looking.then(look).catch((error: unknown) => {
      log.error(`the folder of ${noun}s cannot be read`, { folder, error: String(error) });
    });
    return looking;
  };
  await reload();

  let settle: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(settle);
    settle = setTimeout(() => void reload(), SETTLE_MS);
  };
  let watcher: FSWatcher | null = null;
  let poll: NodeJS.Timeout | undefined;
  const pollInstead = (error: unknown) => {
    log.info(`the folder of ${noun}s is looked at from time to time: the system tells of no changes`, {
      folder,
      error: String(error),
    });
    watcher?.close();
    watcher = null;
    poll ??= setInterval(() => void reload(), pollMs);
    poll.unref();
  };
  try {
    watcher = watch(folder, { recursive: true, persistent: false }, soon);
    watcher.on('error', pollInstead);
  } catch (error) {
    pollInstead(error);
  }

  const sorted = () => [...loaded].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    files: () =>
      sorted().flatMap(([file, one]) => ('content' in one ? [{ file, content: one.content }] : [])),
    faults: () => sorted().flatMap(([file, one]) => ('error' in one ? [{ file, error: one.error }] : [])),
    onChange: changes.on,
    reload,
    async close() {
      watcher?.close();
      clearTimeout(settle);
      clearInterval(poll);
      await looking;
      removeHook();
    },
  };
}
