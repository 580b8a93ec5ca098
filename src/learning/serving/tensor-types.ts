// Which type each tensor of a quantised file gets: what llama.cpp's own tool chooses for the same request. A file named
// after one type holds several: the head and some layers decide most of the error and get more bits.

import type { Quantisation } from '../../contracts/tuned-model.ts';
import { tensorBytes } from '../../lib/gguf-types.ts';
import { blockWriters, type WritableType } from '../../lib/tensors/quantise.ts';

/** `general.file_type`: Q4_K is what llama.cpp calls Q4_K_M. */
export const fileTypeOf: Readonly<Record<Quantisation, number>> = {
  F32: 0,
  F16: 1,
  Q8_0: 7,
  Q4_0: 2,
  Q4_K: 15,
};

/** What a type becomes whose blocks do not fit into the rows. */
const narrower: Partial<Record<WritableType, WritableType>> = { Q4_K: 'Q5_0', Q6_K: 'Q8_0' };

export interface TensorPlace {
  name: string;
  /** As ggml counts them. */
  dimensions: readonly number[];
}

/** `layers` of the model; `tied`: its embedding is its head. */
export function tensorTypeFor(
  quantisation: Quantisation,
  { name, dimensions }: TensorPlace,
  { layers, tied }: { layers: number; tied: boolean },
): WritableType {
  if (dimensions.length < 2 || quantisation === 'F32') return 'F32';
  if (quantisation === 'F16') return 'F16';
  const fitting = (type: WritableType): WritableType => {
    if ((dimensions[0] ?? 1) % blockWriters[type].elements === 0) return type;
    const next = narrower[type];
    return next === undefined ? 'F16' : fitting(next);
  };
  const isHead = name === (tied ? 'token_embd.weight' : 'output.weight');
  if (quantisation === 'Q8_0') return fitting('Q8_0');
  if (isHead)
    return (dimensions[0] ?? 1) % blockWriters[quantisation].elements === 0
      ? fitting('Q6_K')
      : fitting('Q8_0');
  const [, layer, part] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(name) ?? [];
  const more =
    quantisation === 'Q4_K' &&
    (part === 'attn_v' || part === 'ffn_down') &&
    usesMoreBits(Number(layer), layers);
  return fitting(more ? 'Q6_K' : quantisation);
}

/** The first and the last eighth of the layers, and every third between. */
function usesMoreBits(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}

/** Bytes of the tensors of such a file. */
export function bytesOf(
  quantisation: Quantisation,
  tensors: readonly TensorPlace[],
  model: { layers: number; tied: boolean },
): number {
  return tensors.reduce((sum, tensor) => {
    const elements = tensor.dimensions.reduce((product, size) => product * size, 1);
    return sum + (tensorBytes(blockWriters[tensorTypeFor(quantisation, tensor, model)].type, elements) ?? 0);
  }, 0);
}
