// Reads the tensors of a GGUF file as 32-bit numbers, some rows at a time: never a whole model, and no whole tensor.
import type { FileHandle } from 'node:fs/promises';
import { GgufError, type GgufTensor } from '../gguf.ts';
import { tensorTypeName } from '../gguf-types.ts';
import { blockType, readableTypes } from './dequantise.ts';

export interface TensorRows {
  /** Of the first row. */
  row: number;
  /** (rows, columns); reused by the next turn. */
  values: Float32Array;
}

export interface ReadRowsOptions {
  /** Whole groups of so many rows come together. Default 1. */
  group?: number;
  /** Numbers that are read at once, unless a group of rows is longer. */
  atOnce?: number;
}

const ELEMENTS_AT_ONCE = 1 << 19;

/**
 * The last dimension of ggml's first-fastest order is the row; a vector is one row. @throws GgufError malformed for a
 * type that cannot be read, or rows that are no whole number of blocks
 */
export async function* readTensorRows(
  file: FileHandle,
  tensor: GgufTensor,
  { group = 1, atOnce: elements = ELEMENTS_AT_ONCE }: ReadRowsOptions = {},
): AsyncGenerator<TensorRows> {
  const type = blockType(tensor.type);
  if (type === null)
    throw new GgufError(
      'malformed',
      `Tensor ${tensor.name} has the type ${tensorTypeName(tensor.type) ?? tensor.type}; these can be read: ${readableTypes().join(', ')}.`,
      { tensor: tensor.name, type: tensor.type },
    );
  const columns = tensor.dimensions[0] ?? 1;
  const rows = tensor.elements / columns;
  if (columns % type.elements !== 0 || rows % group !== 0)
    throw new GgufError(
      'malformed',
      `Tensor ${tensor.name} has ${rows} rows of ${columns}, which ${type.name} cannot hold in groups of ${group}.`,
      { tensor: tensor.name, rows, columns },
    );
  const atOnce = Math.min(rows, Math.max(group, Math.floor(elements / columns / group) * group));
  const rowBytes = (columns / type.elements) * type.bytes;
  const source = Buffer.alloc(atOnce * rowBytes);
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const values = new Float32Array(atOnce * columns);
  for (let row = 0; row < rows; row += atOnce) {
    const count = Math.min(atOnce, rows - row);
    await readFully(file, source.subarray(0, count * rowBytes), tensor.offset + row * rowBytes);
    const blocks = (count * columns) / type.elements;
    for (let block = 0; block < blocks; block++)
      type.read(view, block * type.bytes, values, block * type.elements);
    yield { row, values: values.subarray(0, count * columns) };
  }
}

/** @throws GgufError cut_short */
export async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0)
      throw new GgufError('cut_short', `The file ends before byte ${position + into.length}.`, {
        expectedBytes: position + into.length,
      });
    done += bytesRead;
  }
}
