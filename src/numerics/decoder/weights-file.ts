// Where the tensors of a safetensors file lie (huggingface.co/docs/safetensors): 8 bytes of length, a JSON header, data.
import { type FileHandle, open } from 'node:fs/promises';
import type { ElementType } from '../onnx/model.ts';
import { NumericsError } from '../session/errors.ts';

const elementTypes: Readonly<Record<string, ElementType>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

export interface StoredTensor {
  type: ElementType;
  shape: readonly number[];
  /** From the beginning of the file, in bytes. */
  offset: number;
  length: number;
}

export interface WeightsFile {
  path: string;
  tensor(name: string, shape: readonly number[]): StoredTensor;
}

export async function readWeightsFile(path: string): Promise<WeightsFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await readBytes(file, 0, 8, path);
    const headerLength = Number(new DataView(head.buffer).getBigUint64(0, true));
    if (headerLength > Math.min(size - 8, 100_000_000))
      throw new NumericsError('weights_unfit', `${path} is not a safetensors file: its header does not fit.`);
    const header = JSON.parse(
      new TextDecoder().decode(await readBytes(file, 8, headerLength, path)),
    ) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
    return {
      path,
      tensor(name, shape) {
        const entry = header[name];
        if (!entry)
          throw new NumericsError('weights_unfit', `${path} has no tensor ${name}.`, {
            data: { tensor: name },
          });
        if (entry.shape.join() !== shape.join())
          throw new NumericsError(
            'weights_unfit',
            `The tensor ${name} of ${path} is [${entry.shape}]; the configuration asks for [${shape}].`,
            { data: { tensor: name, shape: entry.shape, expected: shape } },
          );
        const type = elementTypes[entry.dtype];
        if (!type)
          throw new NumericsError(
            'weights_unfit',
            `The tensor ${name} of ${path} is ${entry.dtype}; F32, F16 and BF16 can be trained from.`,
            { data: { tensor: name, type: entry.dtype } },
          );
        const [start, end] = entry.data_offsets;
        if (8 + headerLength + end > size)
          throw new NumericsError('weights_unfit', `${path} ends before its tensor ${name} does.`);
        return { type, shape: entry.shape, offset: 8 + headerLength + start, length: end - start };
      },
    };
  } finally {
    await file.close();
  }
}

async function readBytes(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new NumericsError('weights_unfit', `${path} ends too soon.`);
    done += bytesRead;
  }
  return bytes;
}

/** Reads a tensor as 32-bit numbers into `target`. */
export async function readTensor(
  path: string,
  { type, offset, length }: StoredTensor,
  target: Float32Array,
): Promise<void> {
  const file = await open(path);
  try {
    const bytes = await readBytes(file, offset, length, path);
    if (type === 'float32') target.set(new Float32Array(bytes.buffer));
    else if (type === 'float16') target.set(new Float16Array(bytes.buffer));
    else {
      // bfloat16 is the upper half of a 32-bit number.
      const halves = new Uint16Array(bytes.buffer);
      new Uint32Array(target.buffer, target.byteOffset, target.length).set(
        Uint32Array.from(halves, (half) => half << 16),
      );
    }
  } finally {
    await file.close();
  }
}
