// What a run goes on from: parameters and the optimiser's moments at a step, in one file with its hash at the end. Two are
// kept, and the parameters of the best step; a half one never bears a final name, a damaged one is passed over.
//
// A file: "ATCK", the length of the head (u32), the head as JSON, the arrays as little-endian f32, SHA-256 of all before.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import { trainingPointSchema } from '../../contracts/training.ts';
import { createBreather } from '../../lib/breathe.ts';
import { isDiskFull, isMissing, syncFolder } from '../../lib/disk.ts';

const headSchema = z.object({
  step: z.number().int(),
  /** Of the file's arrays, in elements. */
  sizes: z.array(z.number().int()),
  /** What the run had written of its events by then. */
  seq: z.number().int(),
  /** False: made when the run was stopped; what was due after its step is still to be done. */
  told: z.boolean(),
  seconds: z.number(),
  trainedTokens: z.number(),
  last: trainingPointSchema.nullable(),
  validationLoss: z.number().nullable(),
  /** The last step after which the validation rows were looked at; -1: none. */
  evaluatedStep: z.number().int(),
  best: z.object({ step: z.number().int(), validationLoss: z.number() }).nullable(),
});
export type CheckpointHead = z.infer<typeof headSchema>;
export type CheckpointState = Omit<CheckpointHead, 'sizes'>;

export interface Checkpoints {
  /** Whether there is a whole one to go on from. */
  any(): Promise<boolean>;
  /** Durable when it resolves. @throws AtelierError storage_full, storage_failed */
  write(state: CheckpointState, arrays: readonly Float32Array[]): Promise<void>;
  /** The newest that is whole, into the arrays; null: none. `onDamaged` hears of each that was passed over. */
  read(
    arrays: readonly Float32Array[],
    onDamaged: (file: string, reason: string) => void,
  ): Promise<CheckpointState | null>;
  /** Parameters of a step that was the best so far. */
  writeBest(step: number, values: Float32Array): Promise<void>;
  /** False when there is no such file, or it is damaged: then the values are as they were. */
  readBest(step: number, values: Float32Array): Promise<boolean>;
}

const MAGIC = Buffer.from('ATCK');
const KEPT = 2;
/** At once: copied out of shared memory, hashed and written while others have their turn. */
const CHUNK_BYTES = 4 << 20;
const HASH_BYTES = 32;

const nameOf = (step: number) => `step-${String(step).padStart(9, '0')}.checkpoint`;
const bestNameOf = (step: number) => `best-${String(step).padStart(9, '0')}.parameters`;
const bytesOf = (array: Float32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function createCheckpoints(folder: string): Checkpoints {
  async function writeFile(name: string, head: object, arrays: readonly Float32Array[]): Promise<void> {
    const temporary = join(folder, `${name}.part`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const handle = await open(temporary, 'w');
      try {
        await writeParts(handle, Buffer.from(JSON.stringify(head)), arrays);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
    } catch (error) {
      // Why it was not written is told, and not why its rest could not be removed.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw writeError(error, name, arrays);
    }
  }

  async function names(): Promise<string[]> {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  return {
    async any() {
      for (const file of (await names()).filter((name) => name.endsWith('.checkpoint')).reverse())
        if (await isWhole(join(folder, file))) return true;
      return false;
    },
    async write(state, arrays) {
      const name = nameOf(state.step);
      await writeFile(name, { ...state, sizes: arrays.map(({ length }) => length) }, arrays);
      const all = await names();
      const kept = all.filter((file) => file.endsWith('.checkpoint')).slice(-KEPT);
      // The one before may have to be gone back to, and its best step with it.
      const heads = await Promise.all(kept.map((file) => readHead(join(folder, file)).catch(() => null)));
      const bests = heads.flatMap((head) => (head?.best ? [bestNameOf(head.best.step)] : []));
      for (const file of all)
        if (!kept.includes(file) && !bests.includes(file)) await remove(join(folder, file));
    },
    async read(arrays, onDamaged) {
      const files = (await names()).filter((file) => file.endsWith('.checkpoint')).reverse();
      for (const file of files) {
        try {
          return await readFile(join(folder, file), arrays);
        } catch (error) {
          onDamaged(file, error instanceof Error ? error.message : String(error));
        }
      }
      return null;
    },
    writeBest: (step, values) => writeFile(bestNameOf(step), { sizes: [values.length] }, [values]),
    async readBest(step, values) {
      const before = values.slice();
      try {
        await readParts(join(folder, bestNameOf(step)), [values]);
        return true;
      } catch {
        values.set(before);
        return false;
      }
    },
  };
}

const remove = (path: string) => rm(path, { force: true });

async function writeParts(handle: FileHandle, head: Buffer, arrays: readonly Float32Array[]): Promise<void> {
  const hash = createHash('sha256');
  const breathe = createBreather();
  const put = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await handle.writeFile(bytes);
    await breathe();
  };
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  await put(Buffer.concat([MAGIC, length, head]));
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (const array of arrays) {
    const bytes = bytesOf(array);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const part = bytes.subarray(at, at + CHUNK_BYTES);
      chunk.set(part);
      await put(chunk.subarray(0, part.length));
    }
  }
  await handle.writeFile(hash.digest());
}

async function readHead(path: string): Promise<CheckpointHead> {
  const handle = await open(path, 'r');
  try {
    return headSchema.parse((await readStart(handle, createHash('sha256'))).head);
  } finally {
    await handle.close();
  }
}

async function readStart(handle: FileHandle, hash: Hash): Promise<{ head: unknown; end: number }> {
  const start = Buffer.alloc(8);
  await readExactly(handle, start, 0);
  if (!start.subarray(0, 4).equals(MAGIC)) throw new Error('it is no checkpoint');
  const head = Buffer.alloc(Math.min(start.readUInt32LE(4), 1 << 20));
  await readExactly(handle, head, 8);
  hash.update(start).update(head);
  return { head: JSON.parse(head.toString()) as unknown, end: 8 + head.length };
}

async function readFile(path: string, arrays: readonly Float32Array[]): Promise<CheckpointState> {
  const { sizes: _, ...state } = headSchema.parse(await readParts(path, arrays));
  return state;
}

/** Into the arrays, which hold what the file says also when its hash then proves it wrong. @throws Error saying why */
async function readParts(path: string, arrays: readonly Float32Array[]): Promise<unknown> {
  const handle = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const breathe = createBreather();
    const { head, end } = await readStart(handle, hash);
    const { sizes } = headSchema.pick({ sizes: true }).parse(head);
    const expected = arrays.map(({ length }) => length);
    if (sizes.join() !== expected.join())
      throw new Error(`it holds ${sizes.join()} numbers where the model has ${expected.join()}`);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let from = end;
    for (const array of arrays) {
      const bytes = bytesOf(array);
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        const part = chunk.subarray(0, Math.min(CHUNK_BYTES, bytes.length - at));
        await readExactly(handle, part, from);
        hash.update(part);
        bytes.set(part, at);
        from += part.length;
        await breathe();
      }
    }
    const stated = Buffer.alloc(HASH_BYTES);
    await readExactly(handle, stated, from);
    if (!hash.digest().equals(stated)) throw new Error('its hash is another one');
    return head;
  } finally {
    await handle.close();
  }
}

/** Whether the hash at its end is that of all before. */
async function isWhole(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size < HASH_BYTES) return false;
    const hash = createHash('sha256');
    const breathe = createBreather();
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let from = 0; from < size - HASH_BYTES; from += CHUNK_BYTES) {
      const part = chunk.subarray(0, Math.min(CHUNK_BYTES, size - HASH_BYTES - from));
      await readExactly(handle, part, from);
      hash.update(part);
      await breathe();
    }
    const stated = Buffer.alloc(HASH_BYTES);
    await readExactly(handle, stated, size - HASH_BYTES);
    return hash.digest().equals(stated);
  } finally {
    await handle.close();
  }
}

async function readExactly(handle: FileHandle, into: Buffer, from: number): Promise<void> {
  let read = 0;
  while (read < into.length) {
    const { bytesRead } = await handle.read(into, read, into.length - read, from + read);
    if (bytesRead === 0) throw new Error('it ends too early');
    read += bytesRead;
  }
}

function writeError(cause: unknown, name: string, arrays: readonly Float32Array[]): AtelierError {
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const data = { file: name, bytes, reason: String(cause) };
  if (isDiskFull(cause))
    return new AtelierError(
      'storage_full',
      `The disk has no room for ${name} of ${bytes} bytes. Free some space and resume the run: it goes on from the checkpoint before.`,
      { cause, data, retryable: true },
    );
  return new AtelierError(
    'storage_failed',
    `${name} could not be written (${String(cause)}). Resume the run once the data folder can be written to.`,
    { cause, data, retryable: true },
  );
}
