// Makes a change of a file happen once a call: a record before the change, another name for the record after it.
// After a kill the records that are left say whether the change had happened; a half-written append is taken back.
import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';

export interface ChangeRecord {
  callId: string;
  kind: 'write' | 'append' | 'delete';
  path: string;
  /** Size of the file before an append. */
  sizeBefore: number;
  bytes: number;
  sha256: string;
}

export interface CallJournal {
  /** Settles what a killed process left. `locate` gives a file's place on the disk. */
  recover(locate: (path: string) => string): Promise<void>;
  /** The record of a call whose change has happened. */
  done(callId: string): Promise<ChangeRecord | null>;
  begin(record: ChangeRecord): Promise<void>;
  finish(callId: string): Promise<void>;
  /** The change failed and left nothing. */
  drop(callId: string): Promise<void>;
}

export const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

export function createCallJournal(folder: string): CallJournal {
  const name = (callId: string) => sha256(Buffer.from(callId)).slice(0, 40);
  const pending = (callId: string) => join(folder, `${name(callId)}.pending`);
  const settled = (callId: string) => join(folder, `${name(callId)}.done`);

  return {
    async recover(locate) {
      for (const file of await readdir(folder)) {
        if (!file.endsWith('.pending')) continue;
        const from = join(folder, file);
        const record = parse(await readFile(from, 'utf8'));
        // A record that was not written to its end stands for a change that had not begun.
        if (record !== null && (await happened(record, locate(record.path))))
          await rename(from, settled(record.callId));
        else await rm(from);
      }
    },
    async done(callId) {
      try {
        return parse(await readFile(settled(callId), 'utf8'));
      } catch (error) {
        if (missing(error)) return null;
        throw error;
      }
    },
    async begin(record) {
      const file = await open(pending(record.callId), 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(record));
        await file.sync();
      } finally {
        await file.close();
      }
    },
    finish: (callId) => rename(pending(callId), settled(callId)),
    drop: (callId) => rm(pending(callId), { force: true }),
  };
}

function parse(text: string): ChangeRecord | null {
  try {
    return JSON.parse(text) as ChangeRecord;
  } catch {
    // Cut short by a kill.
    return null;
  }
}

/** Whether the change is in the file; a part of an append is taken out of it. */
async function happened(record: ChangeRecord, place: string): Promise<boolean> {
  let content: Buffer;
  try {
    content = await readFile(place);
  } catch (error) {
    if (missing(error)) return record.kind === 'delete';
    throw error;
  }
  if (record.kind === 'delete') return false;
  if (record.kind === 'write') return sha256(content) === record.sha256;
  const written = content.subarray(record.sizeBefore, record.sizeBefore + record.bytes);
  if (sha256(written) === record.sha256) return true;
  if (content.length > record.sizeBefore) await truncate(place, record.sizeBefore);
  return false;
}
