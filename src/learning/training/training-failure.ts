// Failures of a run in the errors of the product, with what to do next.
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import { NumericsError } from '../../numerics/session/errors.ts';

/** What the numerics say, in the errors of the product. */
export function asFailure(thrown: unknown): AtelierError {
  if (!(thrown instanceof NumericsError)) return toAtelierError(thrown);
  const memory = /alloc|memory/i.test(`${thrown.message} ${String(thrown.cause ?? '')}`);
  return new AtelierError(
    memory ? 'insufficient_memory' : 'training_failed',
    memory
      ? `The memory ran out: ${thrown.message}. Close other programs or choose shorter rows, then resume: the run goes on from its last checkpoint.`
      : thrown.message,
    { cause: thrown, data: { ...thrown.data, reason: thrown.code }, retryable: thrown.code === 'failed' },
  );
}
