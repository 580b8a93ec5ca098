// Reads the header of a GGUF file (metadata and tensor table) without its weights, and says how long the file must be.
// Knows no model: what the metadata means is gguf-facts.ts. Format: ggml's docs/gguf.md.
import { type FileHandle, open } from 'node:fs/promises';
import {
  type GgufScalar,
  type GgufValue,
  type GgufValueType,
  tensorBytes,
  valueBytes,
  valueType,
} from './gguf-types.ts';

export interface GgufTensor {
  name: string;
  dimensions: number[];
  type: number;
  elements: number;
  /** From the start of the file. */
  offset: number;
  /** Null when the type is unknown to us. */
  bytes: number | null;
}

export interface GgufHeader {
  version: number;
  metadata: Map<string, GgufValue>;
  /** Where in the file each metadata entry lies, its key included. */
  spans: Map<string, { start: number; end: number }>;
  tensors: GgufTensor[];
  /** Where the tensors' bytes begin. */
  dataOffset: number;
  /** Least length of a whole file. */
  expectedBytes: number;
  fileBytes: number;
}

export type GgufFault = 'not_gguf' | 'version' | 'byte_order' | 'cut_short' | 'malformed';

/** `data` holds the values behind the message, such as both sizes of a file that is cut short. */
export class GgufError extends Error {
  override readonly name = 'GgufError';
  readonly fault: GgufFault;
  readonly data: Record<string, unknown>;

  constructor(fault: GgufFault, message: string, data: Record<string, unknown>) {
    super(message);
    this.fault = fault;
    this.data = data;
  }
}

export interface ReadGgufOptions {
  /** Arrays longer than this are stepped over and reported by their length. Default 1,024. */
  keepArraysUpTo?: number;
  /** Accept a file that ends before its last tensor, as a download under way does. Default false. */
  allowCut?: boolean;
}

const MAGIC = 0x46554747; // "GGUF", little-endian
const WINDOW = 1 << 20;
const MAX_NESTING = 4;

/** @throws GgufError; and what opening or reading the file throws */
export async function readGgufHeader(path: string, options: ReadGgufOptions = {}): Promise<GgufHeader> {
  const file = await open(path, 'r');
  try {
    const fileBytes = (await file.stat()).size;
    const header = await parseHeader(new Cursor(file, fileBytes, path), options.keepArraysUpTo ?? 1024);
    if (!options.allowCut && header.expectedBytes > fileBytes)
      throw cutShort(path, header.expectedBytes, fileBytes);
    return header;
  } finally {
    await file.close();
  }
}

async function parseHeader(cursor: Cursor, keepArraysUpTo: number): Promise<GgufHeader> {
  const { path, fileBytes } = cursor;
  if (fileBytes < 4 || (await cursor.uint32()) !== MAGIC) {
    throw new GgufError('not_gguf', `${path} is not a GGUF file: its first four bytes are not "GGUF".`, {
      path,
      fileBytes,
    });
  }
  const version = await cursor.uint32();
  if (version > 0xffff) {
    throw new GgufError(
      'byte_order',
      `${path} is a big-endian GGUF file; only little-endian ones can be read here.`,
      { path },
    );
  }
  if (version !== 2 && version !== 3) {
    throw new GgufError(
      'version',
      `${path} has GGUF version ${version}; versions 2 and 3 can be read. Convert it anew.`,
      {
        path,
        version,
        supported: [2, 3],
      },
    );
  }
  const tensorCount = await cursor.count('tensors');
  const metadataCount = await cursor.count('metadata entries');
  const metadata = new Map<string, GgufValue>();
  const spans: GgufHeader['spans'] = new Map();
  for (let i = 0; i < metadataCount; i++) {
    const start = cursor.position;
    const key = await cursor.string();
    metadata.set(key, await readValue(cursor, await cursor.uint32(), keepArraysUpTo, 0));
    spans.set(key, { start, end: cursor.position });
  }
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 1) {
    throw new GgufError(
      'malformed',
      `${path} states the alignment ${String(alignment)}, which is no positive number.`,
      { path },
    );
  }
  const tensors: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) tensors.push(await readTensor(cursor));
  const dataOffset = Math.ceil(cursor.position / alignment) * alignment;
  let expectedBytes = tensors.length === 0 ? cursor.position : dataOffset;
  for (const tensor of tensors) {
    tensor.offset += dataOffset;
    expectedBytes = Math.max(expectedBytes, tensor.offset + (tensor.bytes ?? 0));
  }
  return { version, metadata, spans, tensors, dataOffset, expectedBytes, fileBytes };
}

async function readTensor(cursor: Cursor): Promise<GgufTensor> {
  const name = await cursor.string();
  const rank = await cursor.uint32();
  if (rank > 8) {
    throw new GgufError('malformed', `${cursor.path}: tensor ${name} states ${rank} dimensions.`, {
      path: cursor.path,
      tensor: name,
    });
  }
  const dimensions: number[] = [];
  for (let i = 0; i < rank; i++) dimensions.push(await cursor.uint64());
  const type = await cursor.uint32();
  const offset = await cursor.uint64();
  const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
  return { name, dimensions, type, elements, offset, bytes: tensorBytes(type, elements) };
}

async function readValue(
  cursor: Cursor,
  type: number,
  keepArraysUpTo: number,
  depth: number,
): Promise<GgufValue> {
  if (type !== valueType.array) return readScalar(cursor, type);
  const elementType = await cursor.uint32();
  const length = await cursor.count('array elements');
  if (depth >= MAX_NESTING) {
    throw new GgufError('malformed', `${cursor.path}: arrays are nested deeper than ${MAX_NESTING}.`, {
      path: cursor.path,
    });
  }
  if (length > keepArraysUpTo && elementType !== valueType.array) {
    const width = widthOf(cursor, elementType);
    if (width > 0) cursor.skip(width * length);
    else await cursor.skipStrings(length);
    return { omitted: true, elementType, length };
  }
  const values: GgufValue[] = [];
  for (let i = 0; i < length; i++)
    values.push(await readValue(cursor, elementType, keepArraysUpTo, depth + 1));
  return values;
}

function widthOf(cursor: Cursor, type: number): number {
  const width = (valueBytes as Readonly<Record<number, number>>)[type];
  if (width === undefined) {
    throw new GgufError(
      'malformed',
      `${cursor.path} holds a value of the unknown type ${type} at byte ${cursor.position}.`,
      {
        path: cursor.path,
        type,
      },
    );
  }
  return width;
}

async function readScalar(cursor: Cursor, type: number): Promise<GgufScalar> {
  const width = widthOf(cursor, type);
  if (type === valueType.string) return cursor.string();
  return decodeScalar[type as Exclude<GgufValueType, 8 | 9>](await cursor.take(width));
}

const decodeScalar: Readonly<Record<Exclude<GgufValueType, 8 | 9>, (view: DataView) => GgufScalar>> = {
  0: (view) => view.getUint8(0),
  1: (view) => view.getInt8(0),
  2: (view) => view.getUint16(0, true),
  3: (view) => view.getInt16(0, true),
  4: (view) => view.getUint32(0, true),
  5: (view) => view.getInt32(0, true),
  6: (view) => view.getFloat32(0, true),
  7: (view) => view.getUint8(0) !== 0,
  10: (view) => safe(view.getBigUint64(0, true)),
  11: (view) => safe(view.getBigInt64(0, true)),
  12: (view) => view.getFloat64(0, true),
};

function safe(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

function cutShort(path: string, expectedBytes: number, fileBytes: number): GgufError {
  return new GgufError(
    'cut_short',
    `${path} is cut short: it must have at least ${expectedBytes} bytes and has ${fileBytes}. Fetch it again.`,
    { path, expectedBytes, fileBytes },
  );
}

/** A forward reader over a window of the file; it only waits when the window is used up. */
class Cursor {
  position = 0;
  readonly path: string;
  readonly fileBytes: number;
  readonly #file: FileHandle;
  #window: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #windowStart = 0;

  constructor(file: FileHandle, fileBytes: number, path: string) {
    this.#file = file;
    this.fileBytes = fileBytes;
    this.path = path;
  }

  async take(bytes: number): Promise<DataView> {
    if (!this.#holds(bytes)) await this.#fill(bytes);
    const start = this.#window.byteOffset + this.position - this.#windowStart;
    this.position += bytes;
    return new DataView(this.#window.buffer, start, bytes);
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).getUint32(0, true);
  }

  async uint64(): Promise<number> {
    const value = (await this.take(8)).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new GgufError(
        'malformed',
        `${this.path} states the size ${value} at byte ${this.position - 8}.`,
        { path: this.path },
      );
    }
    return Number(value);
  }

  /** A number of things that each take at least one byte, so more than the file has bytes is nonsense. */
  async count(what: string): Promise<number> {
    const value = await this.uint64();
    if (value > this.fileBytes) {
      throw new GgufError('malformed', `${this.path} states ${value} ${what} in ${this.fileBytes} bytes.`, {
        path: this.path,
        fileBytes: this.fileBytes,
      });
    }
    return value;
  }

  async string(): Promise<string> {
    const length = await this.uint64();
    const view = await this.take(length);
    return Buffer.from(view.buffer, view.byteOffset, length).toString('utf8');
  }

  skip(bytes: number): void {
    this.position += bytes;
    if (this.position > this.fileBytes) throw cutShort(this.path, this.position, this.fileBytes);
  }

  async skipStrings(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (!this.#holds(8)) await this.#fill(8);
      const at = this.position - this.#windowStart;
      const length = this.#window.readUInt32LE(at) + this.#window.readUInt32LE(at + 4) * 2 ** 32;
      this.skip(8 + length);
    }
  }

  #holds(bytes: number): boolean {
    const at = this.position - this.#windowStart;
    return at >= 0 && at + bytes <= this.#window.length;
  }

  async #fill(bytes: number): Promise<void> {
    if (this.position + bytes > this.fileBytes)
      throw cutShort(this.path, this.position + bytes, this.fileBytes);
    const window = Buffer.allocUnsafe(Math.min(Math.max(bytes, WINDOW), this.fileBytes - this.position));
    let filled = 0;
    while (filled < window.length) {
      const { bytesRead } = await this.#file.read(
        window,
        filled,
        window.length - filled,
        this.position + filled,
      );
      if (bytesRead === 0) throw cutShort(this.path, this.position + window.length, this.position + filled);
      filled += bytesRead;
    }
    this.#window = window;
    this.#windowStart = this.position;
  }
}
