// What can go wrong with numbers. The code is for programs; whoever calls maps it to an error of the product.

export type NumericsErrorCode =
  /** onnxruntime-node is not there. */
  | 'runtime_missing'
  /** The execution provider is not there, or its gradients are not the CPU's. */
  | 'provider_refused'
  /** The weights file lacks a tensor, or one has another shape. */
  | 'weights_unfit'
  /** What was asked cannot be computed: a batch of another size, an option out of range. */
  | 'invalid'
  /** The runtime failed, or its thread stopped. */
  | 'failed'
  | 'closed';

export class NumericsError extends Error {
  override readonly name = 'NumericsError';
  readonly code: NumericsErrorCode;
  readonly data: Record<string, unknown>;

  constructor(
    code: NumericsErrorCode,
    message: string,
    { data = {}, cause }: { data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.data = data;
  }
}
