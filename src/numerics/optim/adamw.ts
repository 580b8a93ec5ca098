// AdamW (Loshchilov and Hutter, 2019) over flat arrays, in place.

export interface AdamWOptions {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled: theta shrinks by learningRate * weightDecay a step, whatever the gradient. */
  weightDecay: number;
}

/** Running means of the gradient and of its square, one entry a parameter; zeros before the first step. */
export interface AdamWState {
  m: Float32Array;
  v: Float32Array;
}

export function adamWState(size: number): AdamWState {
  return { m: new Float32Array(size), v: new Float32Array(size) };
}

/**
 * @param theta what is trained, changed in place, as are the means
 * @param g the gradient
 * @param t the number of this step, from 1
 * @param scale what the gradient is multiplied by first, for clipping
 */
export function adamW(
  theta: Float32Array,
  g: Float32Array,
  { m, v }: AdamWState,
  t: number,
  { learningRate, beta1, beta2, epsilon, weightDecay }: AdamWOptions,
  scale = 1,
): void {
  if (theta.length !== g.length || m.length !== g.length || v.length !== g.length)
    throw new RangeError(
      `Parameters, gradient and means are as long: ${theta.length}, ${g.length}, ${m.length} and ${v.length}.`,
    );
  if (!Number.isInteger(t) || t < 1) throw new RangeError(`Steps count from 1, not from ${t}.`);
  const unbias1 = 1 / (1 - beta1 ** t);
  const unbias2 = 1 / (1 - beta2 ** t);
  const shrink = 1 - learningRate * weightDecay;
  for (let i = 0; i < theta.length; i++) {
    const gi = (g[i] as number) * scale;
    const mi = beta1 * (m[i] as number) + (1 - beta1) * gi;
    const vi = beta2 * (v[i] as number) + (1 - beta2) * gi * gi;
    m[i] = mi;
    v[i] = vi;
    theta[i] =
      (theta[i] as number) * shrink - (learningRate * mi * unbias1) / (Math.sqrt(vi * unbias2) + epsilon);
  }
}
