// Clipping by the norm of all gradients together (Pascanu et al., 2013).

export function globalNorm(g: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < g.length; i++) sum += (g[i] as number) ** 2;
  return Math.sqrt(sum);
}

/** What a gradient of this norm is multiplied by, so that its norm is at most `limit`; null: it may be any. */
export function clipScale(norm: number, limit: number | null): number {
  return limit === null || norm <= limit ? 1 : limit / norm;
}
