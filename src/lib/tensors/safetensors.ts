// Safetensors: a JSON header (name -> type, shape, place) and the tensors' bytes behind it, little-endian. The header is
// a stranger's word, so every number of it is checked before a byte is read. Format: the safetensors specification.
import { type FileHandle, open } from 'node:fs/promises';
import { bfloatToFloat, halfTable } from './half.ts';

export const safetensorsTypes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type SafetensorsType = keyof typeof safetensorsTypes;

export interface SafetensorsEntry {
  type: SafetensorsType;
  shape: number[];
  elements: number;
  /** Places in the file. */
  start: number;
  end: number;
}

export interface SafetensorsHeader {
  path: string;
  tensors: Map<string, SafetensorsEntry>;
  metadata: Record<string, string>;
}

/** `data` holds the values behind the message. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly data: Record<string, unknown>;

  constructor(message: string, data: Record<string, unknown>) {
    super(message);
    this.data = data;
  }
}

/** The specification's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** @throws SafetensorsError with the reason; and what opening or reading the file throws */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const file = await open(path, 'r');
  try {
    const fileBytes = (await file.stat()).size;
    const fault = (why: string, data: Record<string, unknown> = {}) =>
      new SafetensorsError(`${path} is no usable safetensors file: ${why}.`, { path, fileBytes, ...data });
    if (fileBytes < 8) throw fault(`it has ${fileBytes} bytes`);
    const lead = Buffer.alloc(8);
    await file.read(lead, 0, 8, 0);
    const headerBytes = lead.readBigUInt64LE(0);
    if (headerBytes > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - 8)))
      throw fault(`its header would have ${headerBytes} bytes`, { headerBytes: String(headerBytes) });
    const text = Buffer.alloc(Number(headerBytes));
    await file.read(text, 0, text.length, 8);
    const dataStart = 8 + text.length;
    const parsed = parse(text, fault);
    const tensors = new Map<string, SafetensorsEntry>();
    let metadata: Record<string, string> = {};
    for (const [name, entry] of Object.entries(parsed)) {
      if (name === '__metadata__') metadata = entry as Record<string, string>;
      else tensors.set(name, entryOf(name, entry, dataStart, fileBytes, fault));
    }
    let end = dataStart;
    for (const [name, entry] of [...tensors].sort((a, b) => a[1].start - b[1].start || a[1].end - b[1].end)) {
      if (entry.start < end) throw fault(`the tensor ${name} overlaps another`, { tensor: name });
      end = entry.end;
    }
    return { path, tensors, metadata };
  } finally {
    await file.close();
  }
}

type Fault = (why: string, data?: Record<string, unknown>) => SafetensorsError;

function parse(text: Buffer, fault: Fault): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // the sentence below says it
  }
  throw fault('its header is no JSON object');
}

function entryOf(
  name: string,
  value: unknown,
  dataStart: number,
  fileBytes: number,
  fault: Fault,
): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  const about = { tensor: name };
  if (typeof dtype !== 'string' || !Object.hasOwn(safetensorsTypes, dtype))
    throw fault(`the tensor ${name} has the type ${String(dtype)}, which is not read here`, about);
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw fault(`the tensor ${name} has the shape ${JSON.stringify(shape)}`, about);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw fault(`the tensor ${name} lies at ${JSON.stringify(offsets)}`, about);
  const [from, to] = offsets as [number, number];
  const type = dtype as SafetensorsType;
  const elements = shape.reduce((product, size) => product * size, 1);
  if (from > to || dataStart + to > fileBytes)
    throw fault(`the tensor ${name} ends at byte ${dataStart + to} of ${fileBytes}`, about);
  if (to - from !== elements * safetensorsTypes[type])
    throw fault(
      `the tensor ${name} of shape ${JSON.stringify(shape)} has ${to - from} bytes instead of ${elements * safetensorsTypes[type]}`,
      about,
    );
  return { type, shape, elements, start: dataStart + from, end: dataStart + to };
}

/** A tensor of 16 or 32 bits a number as 32-bit numbers, into `out` where it is given. @throws SafetensorsError */
export async function readSafetensor(
  file: FileHandle,
  header: SafetensorsHeader,
  name: string,
  out?: Float32Array,
): Promise<Float32Array> {
  const entry = header.tensors.get(name);
  if (entry === undefined)
    throw new SafetensorsError(`${header.path} holds no tensor ${name}.`, {
      path: header.path,
      tensor: name,
    });
  const values = out ?? new Float32Array(entry.elements);
  if (values.length !== entry.elements)
    throw new SafetensorsError(
      `The tensor ${name} of ${header.path} holds ${entry.elements} numbers instead of ${values.length}.`,
      { path: header.path, tensor: name },
    );
  if (entry.type === 'F32') {
    await readAt(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), entry.start);
    return values;
  }
  if (entry.type !== 'F16' && entry.type !== 'BF16')
    throw new SafetensorsError(
      `The tensor ${name} of ${header.path} has the type ${entry.type}; F32, F16 and BF16 can be read.`,
      { path: header.path, tensor: name, type: entry.type },
    );
  const table = halfTable();
  const piece = new Uint16Array(Math.min(entry.elements, 1 << 19));
  for (let done = 0; done < entry.elements; done += piece.length) {
    const words = piece.subarray(0, Math.min(piece.length, entry.elements - done));
    await readAt(file, new Uint8Array(words.buffer, 0, words.byteLength), entry.start + done * 2);
    for (const [i, word] of words.entries())
      values[done + i] = entry.type === 'F16' ? (table[word] ?? 0) : bfloatToFloat(word);
  }
  return values;
}

async function readAt(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0)
      throw new SafetensorsError(`The file ends before byte ${position + into.length}.`, { position });
    done += bytesRead;
  }
}

export interface SafetensorsSource {
  name: string;
  shape: readonly number[];
  /** The tensor's numbers, in as many pieces as is convenient; a piece may be reused afterwards. */
  values(): AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

/** Writes 32-bit tensors in the order given and replaces what is at `path`. @throws RangeError on a wrong length */
export async function writeSafetensors(
  path: string,
  tensors: readonly SafetensorsSource[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let end = 0;
  const sizes = tensors.map(({ name, shape }) => {
    const bytes = shape.reduce((product, size) => product * size, 1) * 4;
    entries[name] = { dtype: 'F32', shape, data_offsets: [end, end + bytes] };
    end += bytes;
    return bytes;
  });
  const text = JSON.stringify(entries);
  // Spaces bring the data to a multiple of eight, where numbers may be read in place.
  const header = Buffer.from(
    text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8 - Buffer.byteLength(text) + text.length),
  );
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(header.length));
  const file = await open(path, 'w');
  try {
    let position = 0;
    const write = async (bytes: Uint8Array) => {
      for (let done = 0; done < bytes.length; )
        done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      position += bytes.length;
    };
    await write(lead);
    await write(header);
    for (const [index, tensor] of tensors.entries()) {
      const start = position;
      for await (const piece of tensor.values())
        await write(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
      if (position - start !== sizes[index])
        throw new RangeError(
          `tensor ${tensor.name} came with ${position - start} bytes instead of ${sizes[index]}`,
        );
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
