// The weights of a GGUF as 32-bit numbers, in a safetensors file with Hugging Face's names and row order.
import { type FileHandle, open } from 'node:fs/promises';
import { type GgufTensor, readGgufHeader } from '../../lib/gguf.ts';
import { deinterleave, huggingFaceName, interleavedHeads } from '../../lib/tensors/gguf-names.ts';
import { readTensorRows } from '../../lib/tensors/gguf-tensors.ts';
import { type SafetensorsSource, writeSafetensors } from '../../lib/tensors/safetensors.ts';
import type { DecoderConfig } from '../../numerics/decoder/decoder.ts';

export interface DequantiseOrder {
  /** The GGUF. */
  path: string;
  config: DecoderConfig;
  parameters: number;
  /** Written to; whoever orders it gives the whole file its name. */
  part: string;
  /** Told in the file: of which GGUF it is. */
  identity: string;
}

/** Few enough that their memory does not count. */
const ELEMENTS_AT_ONCE = 1 << 17;

/** @param onProgress from 0 to 1 */
export async function dequantiseBase(
  { path, config, parameters, part, identity }: DequantiseOrder,
  onProgress: (done: number) => void,
): Promise<void> {
  const header = await readGgufHeader(path);
  const file = await open(path, 'r');
  try {
    let done = 0;
    const tensors = header.tensors.map((tensor) =>
      sourceOf(file, tensor, config, (elements) => {
        done += elements;
        onProgress(Math.min(1, done / Math.max(1, parameters)));
      }),
    );
    await writeSafetensors(part, tensors, { base: identity });
  } finally {
    await file.close();
  }
}

/** A tensor under its other name, rows in their other order. */
function sourceOf(
  file: FileHandle,
  tensor: GgufTensor,
  config: DecoderConfig,
  onRead: (elements: number) => void,
): SafetensorsSource {
  const heads = interleavedHeads(config, tensor.name);
  const isVector = tensor.dimensions.length === 1;
  return {
    name: huggingFaceName(tensor.name) ?? tensor.name,
    shape: [...tensor.dimensions].reverse(),
    async *values() {
      // A bias is one row of ggml's and as many of ours as it has numbers.
      const columns = isVector ? 1 : (tensor.dimensions[0] ?? 1);
      const group = heads > 0 && !isVector ? config.headWidth : 1;
      for await (const { values } of readTensorRows(file, tensor, { group, atOnce: ELEMENTS_AT_ONCE })) {
        onRead(values.length);
        yield heads > 0 ? deinterleave(values, config.headWidth, columns) : values;
      }
    },
  };
}
