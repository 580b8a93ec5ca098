// Writes a GGUF file (version 3, little-endian): metadata in the order given, then the tensors' bytes as they are.
// Format: ggml's docs/gguf.md.
import { open } from 'node:fs/promises';
import { tensorBytes, valueType } from './gguf-types.ts';

type Scalar = string | number | boolean;
type ScalarType = Exclude<keyof typeof valueType, 'array'>;

export type GgufEntry =
  | { key: string; type: ScalarType; value: Scalar }
  | { key: string; type: 'array'; of: ScalarType; values: readonly Scalar[] };

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
  const pieces: Buffer[] = [
    Buffer.from('GGUF'),
    encode.uint32(3),
    encode.uint64(tensors.length),
    encode.uint64(metadata.length),
  ];
  for (const entry of metadata) {
    pieces.push(encode.string(entry.key), encode.uint32(valueType[entry.type]));
    if (entry.type === 'array') {
      pieces.push(encode.uint32(valueType[entry.of]), encode.uint64(entry.values.length));
      for (const value of entry.values) pieces.push(encode[entry.of](value));
    } else pieces.push(encode[entry.type](entry.value));
  }
  let offset = 0;
  for (const [index, { name, dimensions, type }] of tensors.entries()) {
    pieces.push(encode.string(name), encode.uint32(dimensions.length));
    for (const dimension of dimensions) pieces.push(encode.uint64(dimension));
    pieces.push(encode.uint32(type), encode.uint64(offset));
    offset += Math.ceil((sizes[index] ?? 0) / ALIGNMENT) * ALIGNMENT;
  }
  return Buffer.concat(pieces);
}

const fixed = (bytes: number, put: (buffer: Buffer, value: number) => void) => (value: Scalar) => {
  const buffer = Buffer.alloc(bytes);
  put(buffer, Number(value));
  return buffer;
};

const encode: Readonly<Record<ScalarType, (value: Scalar) => Buffer>> = {
  uint8: fixed(1, (buffer, value) => buffer.writeUInt8(value)),
  int8: fixed(1, (buffer, value) => buffer.writeInt8(value)),
  uint16: fixed(2, (buffer, value) => buffer.writeUInt16LE(value)),
  int16: fixed(2, (buffer, value) => buffer.writeInt16LE(value)),
  uint32: fixed(4, (buffer, value) => buffer.writeUInt32LE(value)),
  int32: fixed(4, (buffer, value) => buffer.writeInt32LE(value)),
  float32: fixed(4, (buffer, value) => buffer.writeFloatLE(value)),
  bool: fixed(1, (buffer, value) => buffer.writeUInt8(value)),
  uint64: fixed(8, (buffer, value) => buffer.writeBigUInt64LE(BigInt(value))),
  int64: fixed(8, (buffer, value) => buffer.writeBigInt64LE(BigInt(value))),
  float64: fixed(8, (buffer, value) => buffer.writeDoubleLE(value)),
  string: (value) => {
    const text = Buffer.from(String(value), 'utf8');
    return Buffer.concat([encode.uint64(text.length), text]);
  },
};
