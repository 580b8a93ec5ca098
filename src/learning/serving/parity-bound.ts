// How far the engine's log-probabilities may be from the trainer's before something is wrong with the file.
import { readGgufHeader } from '../../lib/gguf.ts';
import { tensorTypeName } from '../../lib/gguf-types.ts';

export interface ParityBound {
  /** Of the differences. In 32 bits every token must agree; what is quantised differs, most at unlikely tokens. */
  of: 'max' | 'mean';
  value: number;
}

/**
 * 1e-3 in 32 bits, where two programs differ only in the order of their sums (measured against PyTorch: 3e-6 with
 * stories260K, 2e-4 with SmolLM2). Elsewhere the bound is one that quantising keeps and a wrong tensor breaks. Means
 * with a strong random adapter on SmolLM2: F16 .003; an adapter over a quantised base .08, since the engine rounds what
 * goes into such weights to 8 bits; Q8_0 .11; Q4_K .43; Q4_0 .83.
 */
export async function parityBound(path: string, adapter: boolean): Promise<ParityBound> {
  const { tensors } = await readGgufHeader(path);
  const types = new Set(tensors.map(({ type }) => tensorTypeName(type)));
  const only = (...allowed: string[]) => [...types].every((type) => type !== null && allowed.includes(type));
  if (only('F32')) return { of: 'max', value: 1e-3 };
  if (only('F32', 'F16', 'BF16')) return { of: 'mean', value: 0.02 };
  if (adapter || only('F32', 'F16', 'BF16', 'Q8_0')) return { of: 'mean', value: 0.25 };
  return { of: 'mean', value: 1.5 };
}
