// Writes a GGUF file (version 3, little-endian): metadata in the order given, then the tensors' bytes as they are.
// Format: ggml's docs/gguf.md.
import { open } from 'node:fs/promises';
import { tensorBytes, valueType } from './gguf-types.ts';

type Scalar = string | number | boolean;
type ScalarType = Exclude<keyof typeof valueType, 'array'>;

export type GgufEntry =
  | { key: string; type: ScalarType; value: Scalar }
  | { key: string; type: 'array'; of: ScalarType; values: readonly Scalar[] }
  /** An entry as it lies in another file, its key included. */
  | { raw: Uint8Array };

export interface GgufTensorSource {
  name: string;
  /** Fastest-running first, as ggml counts them. */
  dimensions: readonly number[];
  type: number;
  /** The tensor's bytes, in as many pieces as is convenient. */
  bytes(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const ALIGNMENT = 32;

/** Replaces what is at `path`. @throws RangeError when a tensor's bytes do not have the length of its shape */
export async function writeGguf(
  path: string,
  metadata: readonly GgufEntry[],
  tensors: readonly GgufTensorSource[],
): Promise<void> {
  const sizes = tensors.map(({ name, type, dimensions }) => {
    const bytes = tensorBytes(
      type,
      dimensions.reduce((product, dimension) => product * dimension, 1),
    );
    if (bytes === null) throw new RangeError(`tensor ${name} has the unknown type ${type}`);
    return bytes;
  });
  const file = await open(path, 'w');
  try {
    let position = 0;
    const write = async (bytes: Uint8Array) => {
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
      position += bytes.length;
    };
    const align = () => write(Buffer.alloc((ALIGNMENT - (position % ALIGNMENT)) % ALIGNMENT));

    await write(header(metadata, tensors, sizes));
    await align();
    for (const [index, tensor] of tensors.entries()) {
      const start = position;
      for await (const piece of tensor.bytes()) await write(piece);
      if (position - start !== sizes[index]) {
        throw new RangeError(
          `tensor ${tensor.name} came with ${position - start} bytes instead of ${sizes[index]}`,
        );
      }
      await align();
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function header(
  metadata: readonly GgufEntry[],
  tensors: readonly GgufTensorSource[],
  sizes: readonly number[],
): Buffer {
  const out = new GrowingBuffer();
  out.text('GGUF');
  put.uint32(out, 3);
  put.uint64(out, tensors.length);
  put.uint64(out, metadata.length);
  for (const entry of metadata) {
    if ('raw' in entry) {
      out.bytes(entry.raw);
      continue;
    }
    put.string(out, entry.key);
    put.uint32(out, valueType[entry.type]);
    if (entry.type === 'array') {
      put.uint32(out, valueType[entry.of]);
      put.uint64(out, entry.values.length);
      const putOne = put[entry.of];
      for (const value of entry.values) putOne(out, value);
    } else put[entry.type](out, entry.value);
  }
  let offset = 0;
  for (const [index, { name, dimensions, type }] of tensors.entries()) {
    put.string(out, name);
    put.uint32(out, dimensions.length);
    for (const dimension of dimensions) put.uint64(out, dimension);
    put.uint32(out, type);
    put.uint64(out, offset);
    offset += Math.ceil((sizes[index] ?? 0) / ALIGNMENT) * ALIGNMENT;
  }
  return out.written();
}

/** A vocabulary has some 250,000 pieces: a buffer for each would take hundreds of megabytes. */
class GrowingBuffer {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;

  /** Where the next so many bytes go. */
  room(bytes: number): { buffer: Buffer; at: number } {
    if (this.#length + bytes > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + bytes));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    const at = this.#length;
    this.#length += bytes;
    return { buffer: this.#bytes, at };
  }

  bytes(value: Uint8Array): void {
    const { buffer, at } = this.room(value.length);
    buffer.set(value, at);
  }

  text(value: string): void {
    const { buffer, at } = this.room(Buffer.byteLength(value));
    buffer.write(value, at);
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

type Put = (out: GrowingBuffer, value: Scalar) => void;
const fixed =
  (bytes: number, write: (buffer: Buffer, value: number, at: number) => void): Put =>
  (out, value) => {
    const { buffer, at } = out.room(bytes);
    write(buffer, Number(value), at);
  };

const put: Readonly<Record<ScalarType, Put>> = {
  uint8: fixed(1, (buffer, value, at) => buffer.writeUInt8(value, at)),
  int8: fixed(1, (buffer, value, at) => buffer.writeInt8(value, at)),
  uint16: fixed(2, (buffer, value, at) => buffer.writeUInt16LE(value, at)),
  int16: fixed(2, (buffer, value, at) => buffer.writeInt16LE(value, at)),
  uint32: fixed(4, (buffer, value, at) => buffer.writeUInt32LE(value, at)),
  int32: fixed(4, (buffer, value, at) => buffer.writeInt32LE(value, at)),
  float32: fixed(4, (buffer, value, at) => buffer.writeFloatLE(value, at)),
  bool: fixed(1, (buffer, value, at) => buffer.writeUInt8(value, at)),
  uint64: fixed(8, (buffer, value, at) => buffer.writeBigUInt64LE(BigInt(value), at)),
  int64: fixed(8, (buffer, value, at) => buffer.writeBigInt64LE(BigInt(value), at)),
  float64: fixed(8, (buffer, value, at) => buffer.writeDoubleLE(value, at)),
  string: (out, value) => {
    const text = String(value);
    put.uint64(out, Buffer.byteLength(text));
    out.text(text);
  },
};
