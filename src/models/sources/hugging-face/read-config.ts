// Reads from config.json the shapes of a plain Llama or Qwen2 decoder. Whatever would change its figures and is not
// computed here in the same way is refused with its value. Defaults are those of transformers' own configurations.
import type { DecoderShape } from '../../../lib/tensors/gguf-names.ts';
import { isObject, type JsonObject } from './open-folder.ts';
import type { Refuse } from './refusal.ts';

export interface DecoderFacts extends DecoderShape {
  architecture: 'llama' | 'qwen2';
  /** Of RMSNorm. */
  epsilon: number;
  ropeTheta: number;
  contextLength: number;
}

/** transformers' name of the class -> llama.cpp's name. */
export const architectures: Readonly<Record<string, DecoderFacts['architecture'] | undefined>> = {
  LlamaForCausalLM: 'llama',
  Qwen2ForCausalLM: 'qwen2',
};

/** Larger than any model is; a file that states more is broken or means harm. */
const MOST_LAYERS = 1024;
const MOST = 2 ** 31 - 1;

export function readConfig(config: JsonObject, refuse: Refuse): DecoderFacts {
  const fault = (field: string, why: string, next?: string) =>
    refuse({ file: 'config.json', field, value: at(config, field) }, why, next);
  const count = (field: string, fallback?: number, most = MOST): number => {
    const value = at(config, field) ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most) return value;
    throw fault(field, `where a whole number from 1 to ${most} is needed`);
  };
  const measure = (field: string, fallback: number): number => {
    const value = at(config, field) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw fault(field, 'where a number above 0 is needed');
  };

  const names = Array.isArray(config.architectures) ? config.architectures : [];
  const architecture = names.length === 1 ? architectures[String(names[0])] : undefined;
  if (architecture === undefined)
    throw fault('architectures', `and only ${Object.keys(architectures).join(' and ')} are known here`);
  for (const [field, isPlain, why] of oddities)
    if (!isPlain(at(config, field), config, architecture)) throw fault(field, why);

  const width = count('hidden_size');
  const heads = count('num_attention_heads');
  const headWidth = width / heads;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0)
    throw fault(
      'num_attention_heads',
      `which does not divide the ${width} numbers of a token into even parts`,
    );
  if ((config.head_dim ?? headWidth) !== headWidth)
    throw fault('head_dim', `where ${width} / ${heads} = ${headWidth} is needed`);
  const keyValueHeads = count('num_key_value_heads', architecture === 'llama' ? heads : undefined);
  if (heads % keyValueHeads !== 0)
    throw fault('num_key_value_heads', `which does not divide the ${heads} heads`);
  const ropeTheta = measure(
    at(config, 'rope_parameters.rope_theta') === undefined ? 'rope_theta' : 'rope_parameters.rope_theta',
    10_000,
  );
  if ((config.rope_theta ?? ropeTheta) !== ropeTheta)
    throw fault('rope_theta', `while rope_parameters says ${ropeTheta}`);
  return {
    architecture,
    layers: count('num_hidden_layers', undefined, MOST_LAYERS),
    width,
    heads,
    keyValueHeads,
    headWidth,
    hidden: count('intermediate_size'),
    vocabulary: count('vocab_size'),
    tied: config.tie_word_embeddings === true,
    bias: architecture === 'qwen2',
    epsilon: measure('rms_norm_eps', 1e-6),
    ropeTheta,
    contextLength: count('max_position_embeddings'),
  };
}

/** `rope_parameters.rope_theta` is a field of an object. */
function at(config: JsonObject, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      config,
    );
}

type IsPlain = (value: unknown, config: JsonObject, architecture: DecoderFacts['architecture']) => boolean;
const oneOf =
  (...plain: unknown[]): IsPlain =>
  (value) =>
    value === undefined || value === null || plain.includes(value);
const ropeFields = ['rope_type', 'type', 'rope_theta', 'factor', 'partial_rotary_factor'];
/** Also nothing that is not known: a scaling is often told by its own fields. */
const isPlainRope: IsPlain = (value) =>
  value === undefined ||
  value === null ||
  (isObject(value) &&
    Object.keys(value).every((field) => ropeFields.includes(field)) &&
    (value.rope_type ?? value.type ?? 'default') === 'default' &&
    (value.factor ?? 1) === 1 &&
    (value.partial_rotary_factor ?? 1) === 1);

/** Field, what it may be in a plain decoder, and what is wrong when it is something else. */
const oddities: readonly (readonly [field: string, isPlain: IsPlain, why: string])[] = [
  ['quantization_config', oneOf(), 'so the weights are quantised and the numbers cannot be read'],
  ['auto_map', oneOf(), 'so a program of its own computes it'],
  ['hidden_act', oneOf('silu', 'swish'), 'and only silu is computed here'],
  ['rope_scaling', isPlainRope, 'so positions are scaled, which is not computed here'],
  ['rope_parameters', isPlainRope, 'so positions are scaled, which is not computed here'],
  ['partial_rotary_factor', oneOf(1), 'so only a part of a head is turned by position'],
  ['rope_interleaved', oneOf(false), 'so positions turn other pairs of numbers'],
  [
    'sliding_window',
    (value, { use_sliding_window: used }, architecture) =>
      value === undefined || value === null || (architecture === 'qwen2' && used !== true),
    'so attention slides over a window, which is not computed here',
  ],
  ['use_sliding_window', oneOf(false), 'so attention slides over a window, which is not computed here'],
  [
    'layer_types',
    (value) =>
      value === undefined ||
      value === null ||
      (Array.isArray(value) && value.every((type) => type === 'full_attention')),
    'and only full attention is computed here',
  ],
  ['use_mrope', oneOf(false), 'so positions have several parts'],
  // Qwen2 has a bias on q, k and v whatever the field says.
  [
    'attention_bias',
    (value, _, architecture) => architecture === 'qwen2' || oneOf(false)(value, {}, architecture),
    'and a Llama with a bias is not known here',
  ],
  ['mlp_bias', oneOf(false), 'and a bias in SwiGLU is not computed here'],
  ['use_qk_norm', oneOf(false), 'so queries and keys are normalised, which is not computed here'],
  ['num_local_experts', oneOf(0, 1), 'so it is a mixture of experts'],
  ['num_experts', oneOf(0, 1), 'so it is a mixture of experts'],
  ['is_encoder_decoder', oneOf(false), 'so it is no decoder alone'],
  ...[
    'embedding_multiplier',
    'residual_multiplier',
    'attention_multiplier',
    'logits_scaling',
    'logit_scale',
    'attn_logit_softcapping',
    'final_logit_softcapping',
  ].map((field) => [field, oneOf(1), 'a scale of its own, which is not computed here'] as const),
];
