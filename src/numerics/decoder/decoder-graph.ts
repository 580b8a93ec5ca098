// A Llama or Qwen2 decoder as a graph: the loss with its gradients, or log-probabilities alone.
import { attention, attentionMask } from '../graph/composites/attention.ts';
import { checkpoint } from '../graph/composites/checkpoint.ts';
import { linearCrossEntropy } from '../graph/composites/linear-cross-entropy.ts';
import { rmsNorm } from '../graph/composites/rms-norm.ts';
import { rotaryTables, rotate } from '../graph/composites/rotary.ts';
import { swiglu } from '../graph/composites/swiglu.ts';
import { cast, gatherRows, product, reshape, transpose } from '../graph/functions.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Adaptation, DecoderConfig, Parameter } from './decoder.ts';
import { type DropoutNoise, dropout, dropoutNoise } from './dropout.ts';
import type { LoraTarget } from './parameters.ts';
import { hasBias, headName, projectionName, projectionShapes } from './parameters-of.ts';
import type { WeightsFile } from './weights-file.ts';

/** Rows of a chunk of the last projection: its logits are the largest tensors there are. */
export const logitRows = 256;

export interface DecoderGraphOptions {
  config: DecoderConfig;
  adaptation: Adaptation;
  parameters: readonly Parameter[];
  weights: WeightsFile;
  /** The name by which the model knows the weights file, relative to its own folder. */
  weightsName: string;
  rows: number;
  length: number;
  soft?: number | undefined;
  gradientCheckpointing: boolean;
  fused: boolean;
  /** Forward only: no gradients, no dropout, no soft targets. */
  gradients: boolean;
}

/** The inputs and outputs by name; parameters and their gradients come beside them. */
export const graphNames = {
  ids: 'ids',
  labels: 'labels',
  weights: 'weights',
  positions: 'positions',
  segments: 'segments',
  softIds: 'soft.ids',
  softProbabilities: 'soft.probabilities',
  learnedOrder: 'learned.order',
  learnedPlace: 'learned.place',
  learnedCount: 'learned.count',
  zero: 'zero',
  rowNoise: 'noise.rows',
  columnNoise: 'noise.columns',
  loss: 'loss',
  logProbabilities: 'logProbabilities',
  gradientOf: (parameter: string) => `gradient:${parameter}`,
} as const;

export function decoderGraph(options: DecoderGraphOptions): Graph {
  const { config, adaptation, rows: B, length: S, soft: k } = options;
  const { width, heads: H, keyValueHeads: KV, headWidth: D, epsilon } = config;
  const N = B * S;
  const graph = new Graph({ fused: options.fused });

  const ids = graph.input(graphNames.ids, [N], 'int32');
  const labels = graph.input(graphNames.labels, [N], 'int32');
  const positions = graph.input(graphNames.positions, [B, S], 'int32');
  const segments = graph.input(graphNames.segments, [B, S], 'int32');
  const trained = new Map(
    options.parameters.map(({ name, shape }) => [
      name,
      graph.input(name, shape, 'float32', { needsGradient: options.gradients }),
    ]),
  );
  const zero = options.gradients && options.gradientCheckpointing ? graph.input(graphNames.zero, [1]) : null;
  const noise: DropoutNoise | null =
    options.gradients && adaptation.kind === 'lora' && adaptation.dropout > 0
      ? dropoutNoise(
          graph.input(graphNames.rowNoise, [2, N, 1], 'int32'),
          graph.input(graphNames.columnNoise, [2, 1, noiseColumns(config)], 'int32'),
          adaptation.dropout,
        )
      : null;

  const stored = new Map<string, Tensor>();
  /** A parameter if it is trained, else a constant of the weights file. */
  const weight = (name: string, shape: readonly number[]): Tensor => {
    const known = trained.get(name) ?? stored.get(name);
    if (known) return known;
    const { type, offset, length } = options.weights.tensor(name, shape);
    const constant = graph.external(name, shape, type, { file: options.weightsName, offset, length });
    const tensor = type === 'float32' ? constant : cast(constant, 'float32');
    stored.set(name, tensor);
    return tensor;
  };

  const shapes = projectionShapes(config);
  /** x W^T + bias + plus, and the adapter's share */
  const project = (x: Tensor, layer: number, target: LoraTarget, plus?: Tensor): Tensor => {
    const name = projectionName(layer, target);
    const bias = hasBias(config, target) ? weight(`${name}.bias`, [shapes[target][0]]) : null;
    const W = weight(`${name}.weight`, shapes[target]);
    const y = product(x, W, { transposeB: true, plus: plus ?? bias });
    const A = trained.get(`${name}.lora_A.weight`);
    const Bt = trained.get(`${name}.lora_B.weight`);
    if (adaptation.kind !== 'lora' || !A || !Bt) return y;
    const kept = noise === null ? 1 : 1 - adaptation.dropout;
    const dropped = noise === null ? x : dropout(x, noise, name);
    const z = product(dropped, A, { transposeB: true });
    return product(z, Bt, { transposeB: true, scale: adaptation.alpha / adaptation.rank / kept, plus: y });
  };

  const rotary = rotaryTables(graph, cast(positions, 'int64'), {
    places: S,
    headWidth: D,
    theta: config.ropeTheta,
  });
  const mask = attentionMask(graph, segments);
  const split = (x: Tensor, heads: number) => transpose(reshape(x, [B, S, heads, D]), [0, 2, 1, 3]);

  const block = (layer: number) => (x: Tensor) => {
    const prefix = `model.layers.${layer}`;
    const h = rmsNorm(x, weight(`${prefix}.input_layernorm.weight`, [width]), epsilon);
    const q = rotate(split(project(h, layer, 'q_proj'), H), rotary);
    const keys = rotate(split(project(h, layer, 'k_proj'), KV), rotary);
    const v = split(project(h, layer, 'v_proj'), KV);
    const o = reshape(transpose(attention(q, keys, v, mask), [0, 2, 1, 3]), [N, H * D]);
    const x2 = project(o, layer, 'o_proj', x);
    const h2 = rmsNorm(x2, weight(`${prefix}.post_attention_layernorm.weight`, [width]), epsilon);
    const m = swiglu(project(h2, layer, 'gate_proj'), project(h2, layer, 'up_proj'));
    return project(m, layer, 'down_proj', x2);
  };

  let x = gatherRows(weight('model.embed_tokens.weight', [config.vocabulary, width]), ids);
  for (let layer = 0; layer < config.layers; layer++) {
    const own = options.parameters.filter(({ name }) => name.startsWith(`model.layers.${layer}.`));
    x = zero
      ? checkpoint(
          block(layer),
          x,
          own.flatMap(({ name }) => trained.get(name) ?? []),
          zero,
        )
      : block(layer)(x);
  }
  const last = rmsNorm(x, weight('model.norm.weight', [width]), epsilon);
  const head = weight(headName(config), [config.vocabulary, width]);
  const weights = options.gradients
    ? graph.input(graphNames.weights, [N])
    : graph.constant(new Float32Array(N));
  const learned = options.gradients
    ? {
        order: graph.input(graphNames.learnedOrder, [N], 'int32'),
        place: graph.input(graphNames.learnedPlace, [N], 'int32'),
        count: graph.input(graphNames.learnedCount, [1], 'int32'),
      }
    : undefined;
  const soft =
    options.gradients && k
      ? {
          ids: graph.input(graphNames.softIds, [N, k], 'int32'),
          probabilities: graph.input(graphNames.softProbabilities, [N, k]),
        }
      : undefined;
  const { loss, logProbabilities } = linearCrossEntropy(last, head, {
    labels,
    weights,
    soft,
    learned,
    chunkRows: logitRows,
  });
  if (options.gradients) {
    const gradients = graph.gradients(loss, graph.scalar(1), [...trained.values()]);
    for (const [name] of trained) graph.output(graphNames.gradientOf(name), gradients.get(name) as Tensor);
    graph.output(graphNames.loss, loss);
  }
  graph.output(graphNames.logProbabilities, logProbabilities);
  return graph;
}

/** Columns of the noise: as wide as the widest input of a projection. */
export function noiseColumns(config: DecoderConfig): number {
  return Math.max(...Object.values(projectionShapes(config)).map(([, columns]) => columns));
}
