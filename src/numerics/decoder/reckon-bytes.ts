// How much memory a training session takes at its peak, reckoned from shapes. The terms are what was seen to be alive;
// the factors are fitted to measured peaks of 15 M and 135 M parameters (LoRA and full, 512 to 2,048 tokens).
import type { Adaptation, DecoderConfig } from './decoder.ts';
import { logitRows } from './decoder-graph.ts';
import { packsWeights } from './packs-weights.ts';
import { arenaSize, parametersOf } from './parameters-of.ts';

const FLOAT = 4;
/** The process, the runtime and the graph. */
const fixedBytes = 165e6;
/** What a heap wastes between its pieces. */
const waste = 1.08;

export interface Workload {
  rows: number;
  length: number;
  gradientCheckpointing: boolean;
  /** Labels a token in distillation. */
  soft?: number;
}

/** Bytes of this process while it trains, the optimiser's means included. */
export function reckonBytes(
  config: DecoderConfig,
  adaptation: Adaptation,
  { rows, length, gradientCheckpointing, soft = 0 }: Workload,
): number {
  const { layers, width, heads, keyValueHeads, headWidth, hidden, vocabulary } = config;
  const tokens = rows * length;
  const whole = arenaSize(parametersOf(config, { kind: 'full' }));
  const trained = arenaSize(parametersOf(config, adaptation));
  const isFull = adaptation.kind === 'full';

  // Frozen weights are the file, or packed for the forward and for the backward product. Trained ones are read where they
  // lie, but values, gradients and two means stand beside each other, and the head's gradient is made beside the arena.
  const copies = packsWeights({ rows, length, gradientCheckpointing }) ? 2 : 1;
  const weights = isFull ? 3 * vocabulary * width : copies * whole;
  const arenas = 4 * trained;
  // Of a token: two residual streams and their norms; q, k, v and what attention gives; its probabilities; SwiGLU.
  const kept =
    4 * width +
    3 * heads * headWidth +
    2 * keyValueHeads * headWidth +
    heads * length +
    3 * hidden +
    (adaptation.kind === 'lora' && adaptation.dropout > 0 ? droppedPerToken(config) : 0);
  const activations = tokens * (gradientCheckpointing ? layers * width + 2.5 * kept : layers * kept);
  const chunk = Math.min(tokens, logitRows);
  const logits = chunk * (3 * vocabulary + 2 * soft * width);
  return Math.round(waste * (fixedBytes + FLOAT * (weights + arenas + activations + logits)));
}

/** What dropout leaves of the adapters' inputs, and a quarter of that for the masks. */
function droppedPerToken({ width, heads, headWidth, hidden }: DecoderConfig): number {
  return 1.25 * (5 * width + heads * headWidth + hidden);
}
