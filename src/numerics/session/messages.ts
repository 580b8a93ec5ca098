// What the near side and the worker thread say to each other.
import type { NumericsErrorCode } from './errors.ts';

export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** A tensor whose memory both sides share: the array lies in a SharedArrayBuffer. */
export interface SharedTensor {
  data: Float32Array | Int32Array | BigInt64Array;
  shape: readonly number[];
}

/** The memory of a program's inputs and outputs, so that a run carries no data. */
export interface Binding {
  inputs: Readonly<Record<string, SharedTensor>>;
  outputs: Readonly<Record<string, SharedTensor>>;
}

export interface ProgramOptions {
  threads: number;
  provider: Provider;
  /** Weights are laid out for the processor once more: faster products, and up to two copies more in memory. */
  prepack: boolean;
}

export type Request =
  | {
      type: 'load';
      program: string;
      model: { bytes: Uint8Array } | { path: string };
      options: ProgramOptions;
    }
  | { type: 'unload'; program: string }
  | { type: 'bind'; binding: string; program: string; tensors: Binding }
  | { type: 'run'; binding: string }
  | { type: 'close' };

export type ToWorker = Request & { id: number };
export type FromWorker = { id: number } & (
  | { ok: true }
  | { error: { code: NumericsErrorCode; message: string } }
);
