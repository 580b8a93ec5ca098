// Rotary position embedding (Su et al., 2021) in Hugging Face's order: the two halves of a head turn together.
import { add, concatenate, gatherRows, multiply, reshape, slice, subtract } from '../functions.ts';
import type { Graph } from '../graph.ts';
import type { Tensor } from '../tensor.ts';

export interface RotaryTables {
  /** (places, headWidth / 2) */
  cosine: Tensor;
  sine: Tensor;
  /** Of the inverse rotation, which is the transposed one. */
  negatedSine: Tensor;
  /** (batch, time) int64: the place of each token within its own sequence */
  positions: Tensor;
}

export function rotaryTables(
  graph: Graph,
  positions: Tensor,
  { places, headWidth, theta }: { places: number; headWidth: number; theta: number },
): RotaryTables {
  const half = headWidth / 2;
  const cosine = new Float32Array(places * half);
  const sine = new Float32Array(places * half);
  for (let place = 0; place < places; place++)
    for (let i = 0; i < half; i++) {
      // The angle is rounded where PyTorch rounds it.
      const angle = Math.fround(place * Math.fround(1 / theta ** ((2 * i) / headWidth)));
      cosine[place * half + i] = Math.cos(angle);
      sine[place * half + i] = Math.sin(angle);
    }
  const shape = [places, half];
  return {
    cosine: graph.constant(cosine, shape),
    sine: graph.constant(sine, shape),
    negatedSine: graph.constant(
      sine.map((value) => -value),
      shape,
    ),
    positions,
  };
}

/** @param x (batch, heads, time, headWidth) */
export function rotate(x: Tensor, tables: RotaryTables): Tensor {
  const { graph } = x;
  return graph.composite(
    [x],
    () => turn(x, tables, tables.sine),
    (dy) => [turn(dy, tables, tables.negatedSine)],
  );
}

function turn(x: Tensor, { cosine, positions }: RotaryTables, sine: Tensor): Tensor {
  const { graph } = x;
  if (graph.fused)
    return graph.node(
      'RotaryEmbedding',
      [x, positions, cosine, sine],
      [x.shape],
      {},
      {
        domain: 'com.microsoft',
      },
    )[0] as Tensor;
  const [batch = 1, , time = 1, headWidth = 2] = x.shape;
  const half = headWidth / 2;
  const row = (table: Tensor) => reshape(gatherRows(table, positions), [batch, 1, time, half]);
  const [c, s] = [row(cosine), row(sine)];
  const [a, b] = [slice(x, 3, 0, half), slice(x, 3, half, headWidth)];
  return concatenate([subtract(multiply(a, c), multiply(b, s)), add(multiply(b, c), multiply(a, s))], 3);
}
