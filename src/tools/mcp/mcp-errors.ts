// What goes wrong with an MCP server, in the program's own words and codes.
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';

interface Known {
  code?: unknown;
  status?: unknown;
}

/** The deepest error of ours that a library wrapped. */
function ours(error: unknown): AtelierError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isAtelierError(cause)) return cause;
  return null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `complaints`: what the child said before it went. */
export function connectError(title: string, error: unknown, complaints: string): AtelierError {
  const known = ours(error);
  if (known !== null) return known;
  const { code, status } = error as Known;
  const said = complaints === '' ? '' : ` It said: ${complaints.slice(-500)}`;
  const data = { server: title, ...(complaints === '' ? {} : { complaints }) };
  if (code === 'ENOENT' || code === 'EACCES')
    return new AtelierError(
      'not_found',
      `The program of the MCP server ${title} cannot be started: ${messageOf(error)}.`,
      { data, cause: error },
    );
  if (status === 401 || status === 403)
    return new AtelierError(
      'provider_unauthorized',
      `The MCP server ${title} refuses the key (${status}). Check its headers.`,
      { data, cause: error },
    );
  return new AtelierError(
    'provider_unreachable',
    `The MCP server ${title} cannot be reached: ${messageOf(error)}.${said}`,
    {
      data,
      cause: error,
      retryable: true,
    },
  );
}

/** Trying again by itself makes no sense. */
export const isLasting = (error: AtelierError) =>
  ['not_found', 'provider_unauthorized', 'address_refused', 'invalid_request'].includes(error.code);

/** The request never arrived, so that it may be sent once more. */
export function neverArrived(error: unknown): boolean {
  const { code, status } = error as Known;
  return code === 'NOT_CONNECTED' || status === 404;
}

/** The connection is gone, or the other side forgot it. */
export function isLost(error: unknown): boolean {
  const { code } = error as Known;
  return (
    neverArrived(error) ||
    code === 'CONNECTION_CLOSED' ||
    code === 'SEND_FAILED' ||
    ours(error)?.code === 'fetch_failed'
  );
}

export function callError(title: string, tool: string, error: unknown): AtelierError {
  const known = ours(error);
  const data = { server: title, tool };
  const { code } = error as Known;
  if (code === 'REQUEST_TIMEOUT')
    return new AtelierError(
      'timed_out',
      `${tool} of ${title} did not answer in time. It may have had its effect all the same.`,
      { data, cause: error },
    );
  if (code === 'CONNECTION_CLOSED')
    return new AtelierError(
      'tool_failed',
      `${title} went away during the call of ${tool}. It may have had its effect all the same.`,
      { data, cause: error },
    );
  if (known !== null) return known;
  return new AtelierError('tool_failed', `${tool} of ${title} failed: ${messageOf(error)}`, {
    data,
    cause: error,
  });
}
