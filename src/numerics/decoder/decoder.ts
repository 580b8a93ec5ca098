// The contract of a decoder that is trained: what it is built from, and what a session computes.
import type { LoraTarget } from './parameters.ts';

/** Shapes and constants of a Llama or Qwen2 decoder, in the words of Hugging Face's configuration. */
export interface DecoderConfig {
  architecture: 'llama' | 'qwen2';
  layers: number;
  /** Width of the residual stream. */
  width: number;
  heads: number;
  keyValueHeads: number;
  headWidth: number;
  /** Width inside SwiGLU. */
  hidden: number;
  vocabulary: number;
  /** Of RMSNorm. */
  epsilon: number;
  ropeTheta: number;
  /** Whether the head is the embedding. */
  tied: boolean;
  /** Qwen2: q, k and v have a bias. */
  bias: boolean;
  contextLength: number;
}

export type Adaptation =
  | { kind: 'lora'; rank: number; alpha: number; dropout: number; targets: readonly LoraTarget[] }
  | { kind: 'full' };

/** Rows of tokens, flat: index = row * length + place. */
export interface TokenBatch {
  ids: Int32Array;
  /** What follows each token; any number where the weight is 0. */
  labels: Int32Array;
  /** Of each label in the loss, signed; 0: not learned. The caller normalises them. */
  weights: Float32Array;
  /** Place within its own sequence: a packed row starts again at 0. */
  positions: Int32Array;
  /** Tokens attend to earlier tokens of the same segment only; padding has one of its own. */
  segments: Int32Array;
  /** Distillation: k tokens with their probabilities in place of each label, flat (rows * length * k). */
  soft?: { ids: Int32Array; probabilities: Float32Array };
}

export interface DecoderSessionOptions {
  config: DecoderConfig;
  /** A safetensors file with Hugging Face's names (model.layers.0.self_attn.q_proj.weight, ...), f32 or f16 or bf16. */
  weights: string;
  adaptation: Adaptation;
  /** Rows and tokens a row of every batch: shapes are static. */
  rows: number;
  length: number;
  /** k of `soft`; absent: labels. */
  soft?: number;
  gradientCheckpointing?: boolean;
  /** 1 is reproducible bit by bit. */
  threads: number;
  /** Checked against the CPU's gradients before use. Default cpu. */
  provider?: 'cpu' | 'webgpu' | 'cuda';
  signal?: AbortSignal;
}

/** A tensor of the flat arena. */
export interface Parameter {
  /** As in PEFT and Hugging Face: model.layers.0.self_attn.q_proj.lora_A.weight */
  name: string;
  shape: readonly number[];
  /** Into the arena, in elements. */
  offset: number;
  size: number;
}

/** Lives in a worker thread; the arenas are shared memory, so nothing is copied. */
export interface DecoderSession {
  readonly parameters: readonly Parameter[];
  /** All trainable parameters, one after the other. The caller (the optimiser) writes here between steps. */
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  /**
   * loss = -sum of weight * log p(label); its gradient is written to `gradients`, or added with `accumulate`.
   * `seed` decides dropout: the same seed is the same mask.
   * @returns the loss and the log-probability of every label that is learned; others may be 0 (rows * length)
   */
  gradient(
    batch: TokenBatch,
    options?: { accumulate?: boolean; seed?: number },
  ): Promise<{ loss: number; logProbabilities: Float32Array }>;
  /** Forward only, without dropout. `base`: as if nothing had been trained (LoRA only; the arena stays as it is). */
  logProbabilities(batch: TokenBatch, of?: 'current' | 'base'): Promise<Float32Array>;
  close(): Promise<void>;
}
