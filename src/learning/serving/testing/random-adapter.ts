// For tests: a base as serving knows it, and an adapter of numbers that test/fixtures/training/record-adapter.py has too.
import { readGgufHeader } from '../../../lib/gguf.ts';
import type { Parameter } from '../../../numerics/decoder/decoder.ts';
import type { BaseModel } from '../../training/base-model.ts';
import type { Trained } from '../export-port.ts';

const RANK = 4;
const ALPHA = 8;

/** A base of a llama's file, without weights of its own: writing reads the GGUF. */
export async function trainedBase(path: string): Promise<BaseModel> {
  const { metadata, tensors } = await readGgufHeader(path);
  const number = (name: string) => Number(metadata.get(`llama.${name}`));
  const width = number('embedding_length');
  const heads = number('attention.head_count');
  return {
    model: 'local/base',
    displayName: 'base',
    path,
    parameters: 0,
    quantisation: 'F32',
    reason: null,
    weightBytes: 0,
    weights: '',
    config: {
      architecture: 'llama',
      layers: number('block_count'),
      width,
      heads,
      keyValueHeads: number('attention.head_count_kv'),
      headWidth: width / heads,
      hidden: number('feed_forward_length'),
      vocabulary: tensors.find(({ name }) => name === 'token_embd.weight')?.dimensions[1] ?? 0,
      epsilon: number('attention.layer_norm_rms_epsilon'),
      ropeTheta: number('rope.freq_base'),
      tied: !tensors.some(({ name }) => name === 'output.weight'),
      bias: false,
      contextLength: number('context_length'),
    },
  };
}

export function randomAdapter(base: BaseModel): Trained {
  const { layers, width, hidden, heads, keyValueHeads, headWidth } = base.config;
  const [query, keyValue] = [heads * headWidth, keyValueHeads * headWidth];
  const projections: readonly (readonly [name: string, inputs: number, outputs: number])[] = [
    ['self_attn.q_proj', width, query],
    ['self_attn.k_proj', width, keyValue],
    ['self_attn.v_proj', width, keyValue],
    ['self_attn.o_proj', query, width],
    ['mlp.gate_proj', width, hidden],
    ['mlp.up_proj', width, hidden],
    ['mlp.down_proj', hidden, width],
  ];
  let state = 1;
  const values: number[] = [];
  const parameters: Parameter[] = [];
  const add = (name: string, rows: number, columns: number, scale: number) => {
    parameters.push({ name, shape: [rows, columns], offset: values.length, size: rows * columns });
    for (let i = 0; i < rows * columns; i++) {
      // Park and Miller's generator: x <- 16807 x mod (2^31 - 1)
      state = (state * 16_807) % 2_147_483_647;
      values.push((state / 2_147_483_647 - 0.5) * scale);
    }
  };
  for (let layer = 0; layer < layers; layer++) {
    for (const [name, inputs, outputs] of projections) {
      add(`model.layers.${layer}.${name}.lora_A.weight`, RANK, inputs, 2 / Math.sqrt(inputs));
      add(`model.layers.${layer}.${name}.lora_B.weight`, outputs, RANK, 0.4);
    }
  }
  return {
    base,
    adaptation: { kind: 'lora', rank: RANK, alpha: ALPHA, dropout: 0, targets: [] },
    parameters,
    values: Float32Array.from(values),
  };
}
