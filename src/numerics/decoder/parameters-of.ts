// What is trained of a decoder, and where each tensor lies in the arena.
import type { Adaptation, DecoderConfig, Parameter } from './decoder.ts';
import type { LoraTarget } from './parameters.ts';

/** (out, in) of every projection. */
export function projectionShapes(
  config: DecoderConfig,
): Readonly<Record<LoraTarget, readonly [number, number]>> {
  const { width, heads, keyValueHeads, headWidth, hidden } = config;
  return {
    q_proj: [heads * headWidth, width],
    k_proj: [keyValueHeads * headWidth, width],
    v_proj: [keyValueHeads * headWidth, width],
    o_proj: [width, heads * headWidth],
    gate_proj: [hidden, width],
    up_proj: [hidden, width],
    down_proj: [width, hidden],
  };
}

const insideAttention: ReadonlySet<LoraTarget> = new Set(['q_proj', 'k_proj', 'v_proj', 'o_proj']);
const biased: ReadonlySet<LoraTarget> = new Set(['q_proj', 'k_proj', 'v_proj']);

/** model.layers.0.self_attn.q_proj */
export function projectionName(layer: number, projection: LoraTarget): string {
  return `model.layers.${layer}.${insideAttention.has(projection) ? 'self_attn' : 'mlp'}.${projection}`;
}

export function hasBias(config: DecoderConfig, projection: LoraTarget): boolean {
  return config.bias && biased.has(projection);
}

/** The name of the head's weights: the embedding's, if it is tied. */
export function headName(config: DecoderConfig): string {
  return config.tied ? 'model.embed_tokens.weight' : 'lm_head.weight';
}

/** The trainable tensors in the order of the arena. */
export function parametersOf(config: DecoderConfig, adaptation: Adaptation): Parameter[] {
  const shapes = projectionShapes(config);
  const projections = Object.keys(shapes) as LoraTarget[];
  const layers = [...Array(config.layers).keys()];
  const named: [string, readonly number[]][] =
    adaptation.kind === 'lora'
      ? layers.flatMap((layer) =>
          projections
            .filter((projection) => adaptation.targets.includes(projection))
            .flatMap((projection): [string, readonly number[]][] => {
              const name = projectionName(layer, projection);
              const [rows, columns] = shapes[projection];
              return [
                [`${name}.lora_A.weight`, [adaptation.rank, columns]],
                [`${name}.lora_B.weight`, [rows, adaptation.rank]],
              ];
            }),
        )
      : [
          ['model.embed_tokens.weight', [config.vocabulary, config.width]],
          ...layers.flatMap((layer): [string, readonly number[]][] => [
            [`model.layers.${layer}.input_layernorm.weight`, [config.width]],
            ...projections.flatMap((projection): [string, readonly number[]][] => {
              const name = projectionName(layer, projection);
              return [
                [`${name}.weight`, shapes[projection]],
                ...(hasBias(config, projection)
                  ? [[`${name}.bias`, [shapes[projection][0]]] as [string, readonly number[]]]
                  : []),
              ];
            }),
            [`model.layers.${layer}.post_attention_layernorm.weight`, [config.width]],
          ]),
          ['model.norm.weight', [config.width]],
          ...(config.tied
            ? []
            : [['lm_head.weight', [config.vocabulary, config.width]] as [string, readonly number[]]]),
        ];
  let offset = 0;
  return named.map(([name, shape]) => {
    const size = shape.reduce((product, one) => product * one, 1);
    const parameter = { name, shape, offset, size };
    offset += size;
    return parameter;
  });
}

/** Length of the arena. */
export function arenaSize(parameters: readonly Parameter[]): number {
  return parameters.reduce((all, { size }) => all + size, 0);
}
