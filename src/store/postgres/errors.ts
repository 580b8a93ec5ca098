// PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) as errors with a next step.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';

function sqlState(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

/** Another node was in the way; the same batch may pass now. */
export const isCollision = (error: unknown) => ['40001', '40P01'].includes(sqlState(error));

/** What a statement says whose transaction an earlier statement has spoiled. */
export const isAftermath = (error: unknown) => sqlState(error) === '25P02';

export function postgresError(error: unknown, where: string): AtelierError {
  if (isAtelierError(error)) return error;
  const code = sqlState(error);
  const text = error instanceof Error && error.message ? error.message : code || String(error);
  const options = { cause: error, data: { where, sqlstate: code } };
  if (code === '23505') return new AtelierError('conflict', `That exists already (${text}).`, options);
  if (code === '23503')
    return new AtelierError(
      'conflict',
      'The row that this one belongs to does not exist (any more).',
      options,
    );
  if (code === '53100')
    return new AtelierError(
      'storage_full',
      `The disk of the PostgreSQL server ${where} is full; nothing of this change was stored. Free some space there and try again.`,
      { ...options, retryable: true },
    );
  if (code === '25006')
    return new AtelierError(
      'storage_failed',
      `The PostgreSQL server ${where} may only be read. Point DATABASE_URL at the primary server.`,
      options,
    );
  if (code.startsWith('28') || code === '3D000' || code === '42501')
    return new AtelierError(
      'storage_failed',
      `The PostgreSQL server ${where} refuses: ${text}. Check the user, password and database in DATABASE_URL.`,
      options,
    );
  const lost = /^(08|53|57P|58)/.test(code) || /^E[A-Z]+$/.test(code) || /connection|timeout/i.test(text);
  if (lost)
    return new AtelierError(
      'storage_failed',
      `The PostgreSQL server ${where} does not answer (${text}). See that it runs and that DATABASE_URL names it.`,
      { ...options, retryable: true },
    );
  return new AtelierError('internal', `The store refused a statement: ${text}`, options);
}
