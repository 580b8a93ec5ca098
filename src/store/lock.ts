// One process a data folder: an exclusive transaction held on lock.db, which the system frees even on kill -9.
// `server.json` beside it says where that process can be reached; it counts only while the lock is held.
// The process that holds the lock must not open lock.db by other means: closing it would free the lock (fcntl).
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';
import { dataFolderError, ensureDataFolder } from './data-folder.ts';

const addressSchema = z.object({
  pid: z.number(),
  port: z.number(),
  url: z.string(),
  /** Plain http on loopback, where programs of this machine find it. */
  localUrl: z.string(),
  version: z.string(),
  startedAt: z.number(),
});
export type ServerAddress = z.infer<typeof addressSchema>;

export interface StoreLock {
  /** `machineToken` lets programs of this machine in that can read the data folder. */
  writeAddress(address: ServerAddress, machineToken: string): Promise<void>;
  release(): Promise<void>;
}

const lockFile = (dataDir: string) => join(dataDir, 'lock.db');
const addressFile = (dataDir: string) => join(dataDir, 'server.json');
/** Apart from the address, which appears in messages. */
const tokenFile = (dataDir: string) => join(dataDir, 'server.token');

/** A reader who asks whether the lock is held has it for an instant; that must not refuse a starting server. */
const PATIENCE_MS = 400;

/**
 * @throws AtelierError store_locked with the holder's `address` in data (null when it serves no address yet),
 * storage_failed when the folder cannot be written
 */
export async function acquireLock(dataDir: string): Promise<StoreLock> {
  await ensureDataFolder(dataDir);
  const held = holdExclusively(dataDir);
  if (held === null) {
    const address = await readAddressFile(dataDir);
    const at = address ? ` and serves it at ${address.url}` : '';
    throw new AtelierError(
      'store_locked',
      `Another Atelier holds the data folder ${dataDir}${at}. Stop it first, or choose another folder with --data.`,
      { data: { dataDir, address }, retryable: true },
    );
  }
  const forget = async () => {
    await rm(addressFile(dataDir), { force: true });
    await rm(tokenFile(dataDir), { force: true });
  };
  const write = async (path: string, text: string) => {
    const draft = `${path}.${process.pid}`;
    // The mode counts only for a file that is new.
    await rm(draft, { force: true });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  };
  try {
    // An earlier process that was killed left its address behind.
    await forget();
  } catch (error) {
    held.close();
    throw dataFolderError(error, dataDir);
  }
  let released: Promise<void> | undefined;
  return {
    async writeAddress(address, machineToken) {
      try {
        // First, so that whoever finds the address finds the token of the same process.
        await write(tokenFile(dataDir), machineToken);
        await write(addressFile(dataDir), JSON.stringify(address));
      } catch (error) {
        throw dataFolderError(error, dataDir);
      }
    },
    release() {
      released ??= forget().finally(() => held.close());
      return released;
    },
  };
}

/** The address of the server that holds this data folder now, or null. */
export async function readAddress(dataDir: string): Promise<ServerAddress | null> {
  const address = await readAddressFile(dataDir);
  return address && isHeld(dataDir) ? address : null;
}

/** What the server that holds this data folder lets programs of this machine in by; null when there is none. */
export async function readMachineToken(dataDir: string): Promise<string | null> {
  try {
    return await readFile(tokenFile(dataDir), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw dataFolderError(error, dataDir);
  }
}

function holdExclusively(dataDir: string): DatabaseSync | null {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(lockFile(dataDir), { timeout: PATIENCE_MS });
    db.exec('begin exclusive');
    return db;
  } catch (error) {
    db?.close();
    if (isBusy(error)) return null;
    throw dataFolderError(error, dataDir);
  }
}

function isHeld(dataDir: string): boolean {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(lockFile(dataDir), { readOnly: true, timeout: 0 });
    db.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    // A folder without lock.db, or one that may not be read, is held by no one who could be reached.
    return isBusy(error);
  } finally {
    db?.close();
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown) => ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;

async function readAddressFile(dataDir: string): Promise<ServerAddress | null> {
  let text: string;
  try {
    text = await readFile(addressFile(dataDir), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw dataFolderError(error, dataDir);
  }
  try {
    return addressSchema.parse(JSON.parse(text));
  } catch {
    // Written by another version, or by hand: as good as none.
    return null;
  }
}
