// What a method is: weights for each token's log-probability, and what is told of a step. The graph is the same for all.
import type { DecoderSession } from '../../../numerics/decoder/decoder.ts';
import type { BatchShape } from '../batches.ts';
import type { Row } from '../pack.ts';

export interface Measured {
  /** The method's own loss. */
  loss: number;
  /** Learned tokens that it is of. */
  tokens: number;
  /** Of pairs: the share whose better answer is preferred. */
  accuracy: number | null;
}

export interface Method {
  /** Leaves the gradient of these rows in the session. `seed` decides dropout. */
  step(batches: readonly (readonly Row[])[], seed: number): Promise<Measured>;
  /** Forward only. */
  evaluate(rows: readonly Row[]): Promise<Measured>;
}

export interface MethodOptions {
  session: DecoderSession;
  shape: BatchShape;
  /** Looked at between two batches. */
  signal: AbortSignal;
}
