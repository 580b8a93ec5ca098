// Reads from a GGUF's header whether its model is a decoder that can be trained, and its shapes. What differs from a
// plain Llama or Qwen2 in a way that would change its figures is a reason in words, never a guess.
import type { GgufHeader } from '../../lib/gguf.ts';
import { tensorTypeName } from '../../lib/gguf-types.ts';
import { blockType } from '../../lib/tensors/dequantise.ts';
import { expectedShapes, huggingFaceName } from '../../lib/tensors/gguf-names.ts';
import type { DecoderConfig } from '../../numerics/decoder/decoder.ts';

export type ReadConfig = { config: DecoderConfig; reason: null } | { config: null; reason: string };

export function readDecoderConfig(header: GgufHeader): ReadConfig {
  const architecture = String(header.metadata.get('general.architecture') ?? 'unknown');
  if (architecture !== 'llama' && architecture !== 'qwen2')
    return refused(`Models of the architecture ${architecture} cannot be trained here; llama and qwen2 can.`);
  const field = (name: string) => header.metadata.get(`${architecture}.${name}`);
  const number = (name: string): number | null => {
    const value = field(name);
    // One number a layer, where all layers have the same.
    const one = Array.isArray(value) && new Set(value).size === 1 ? value[0] : value;
    return typeof one === 'number' ? one : null;
  };
  const odd = oddity(number, field) ?? oddTensor(header);
  if (odd !== null) return refused(odd);

  const shapes = new Map(header.tensors.map(({ name, dimensions }) => [name, dimensions]));
  const [width = 0, vocabulary = 0] = shapes.get('token_embd.weight') ?? [];
  const layers = number('block_count') ?? 0;
  const heads = number('attention.head_count') ?? 0;
  const keyValueHeads = number('attention.head_count_kv') ?? heads;
  const config: DecoderConfig = {
    architecture,
    layers,
    width,
    heads,
    keyValueHeads,
    headWidth: number('attention.key_length') ?? width / heads,
    hidden: number('feed_forward_length') ?? 0,
    vocabulary,
    epsilon: number('attention.layer_norm_rms_epsilon') ?? 0,
    ropeTheta: number('rope.freq_base') ?? 10_000,
    tied: !shapes.has('output.weight'),
    bias: shapes.has('blk.0.attn_q.bias'),
    contextLength: number('context_length') ?? 0,
  };
  const wrong = wrongShape(config, shapes) ?? wrongNumber(config, number);
  return wrong === null ? { config, reason: null } : refused(wrong);
}

function refused(reason: string): ReadConfig {
  return { config: null, reason };
}

/** What the metadata says beyond a plain decoder. */
function oddity(number: (name: string) => number | null, field: (name: string) => unknown): string | null {
  if ((number('expert_count') ?? 0) > 0)
    return `It is a mixture of ${number('expert_count')} experts, which cannot be trained here.`;
  if ((number('attention.sliding_window') ?? 0) > 0)
    return `Its attention slides over a window of ${number('attention.sliding_window')} tokens, which cannot be trained here.`;
  const scaling = field('rope.scaling.type');
  if (typeof scaling === 'string' && scaling !== 'none')
    return `Its positions are scaled (${scaling}), which cannot be trained here.`;
  const scale = ['logit_scale', 'embedding_scale', 'residual_scale', 'attention.scale'].find(
    (name) => (number(name) ?? 0) !== 0,
  );
  return scale === undefined ? null : `It has a ${scale} of its own, which cannot be trained here.`;
}

function oddTensor({ tensors }: GgufHeader): string | null {
  for (const { name, type } of tensors) {
    if (name === 'rope_freqs.weight')
      return 'Its positions are scaled (rope_freqs), which cannot be trained here.';
    const isBias = name.endsWith('.bias');
    if (huggingFaceName(name) === null || (isBias && !/\.attn_[qkv]\.bias$/.test(name)))
      return `It has the tensor ${name}, which a plain decoder lacks.`;
    if (blockType(type) === null)
      return `Its tensor ${name} is quantised as ${tensorTypeName(type) ?? `type ${type}`}, which cannot be read here.`;
  }
  return null;
}

function wrongShape(config: DecoderConfig, shapes: ReadonlyMap<string, readonly number[]>): string | null {
  for (const [name, expected] of expectedShapes(config)) {
    const found = shapes.get(name);
    if (found === undefined) return `It lacks the tensor ${name}.`;
    if (found.join() !== expected.join())
      return `Its tensor ${name} has the dimensions ${found.join(' x ')} instead of ${expected.join(' x ')}.`;
  }
  return null;
}

function wrongNumber(config: DecoderConfig, number: (name: string) => number | null): string | null {
  const { headWidth, heads, keyValueHeads } = config;
  const turned = number('rope.dimension_count') ?? headWidth;
  if (turned !== headWidth)
    return `Only ${turned} of the ${headWidth} numbers of a head are turned by position.`;
  if ((number('attention.value_length') ?? headWidth) !== headWidth)
    return `Its keys and values have different widths, which cannot be trained here.`;
  if (headWidth % 2 !== 0 || heads % keyValueHeads !== 0)
    return `Its ${heads} heads of ${headWidth} over ${keyValueHeads} key heads are no shape that can be trained here.`;
  return config.epsilon > 0 ? null : 'It does not state the epsilon of its norms.';
}
