// Why a guarded request was not made or not finished. It has the shape of the program's own error, and is known by code.

export type GuardCode =
  | 'address_refused'
  | 'fetch_failed'
  | 'response_too_large'
  | 'timed_out'
  | 'unsupported_media_type';

export class GuardError extends Error {
  override readonly name = 'GuardError';
  readonly code: GuardCode;
  readonly data: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(code: GuardCode, message: string, data: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.data = data;
    this.retryable = code === 'timed_out' || code === 'fetch_failed';
  }

  toJSON() {
    return { code: this.code, message: this.message, data: this.data, retryable: this.retryable };
  }
}
