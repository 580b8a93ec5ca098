// What was trained, in the names and the row order of a GGUF.
import { AtelierError } from '../../contracts/errors.ts';
import { ggufName, interleave, interleavedHeads } from '../../lib/tensors/gguf-names.ts';
import type { DecoderConfig } from '../../numerics/decoder/decoder.ts';
import type { Trained } from './export-port.ts';

export interface TrainedTensor {
  /** blk.0.attn_q.weight, ..., or that with .lora_a (rank, in) and .lora_b (out, rank) behind it. */
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

export function trainedTensors({ base, parameters, values }: Trained): Map<string, TrainedTensor> {
  const tensors = parameters.map(({ name, shape, offset, size }): TrainedTensor => {
    const known = ggufName(name);
    if (known === null)
      throw new AtelierError('internal', `A parameter ${name} was trained that no GGUF has.`);
    return {
      name: known,
      shape,
      values: inGgufOrder(base.config, known, shape, values.subarray(offset, offset + size)),
    };
  });
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function inGgufOrder(
  config: DecoderConfig,
  name: string,
  shape: readonly number[],
  values: Float32Array,
): Float32Array {
  if (interleavedHeads(config, name) === 0) return values;
  return interleave(values, config.headWidth, shape.length === 1 ? 1 : (shape[1] ?? 1));
}
