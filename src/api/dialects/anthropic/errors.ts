// Errors as Anthropic words them.
import type { AtelierError } from '../../../contracts/errors.ts';
import { statusOf } from '../../errors.ts';

const typeByStatus: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** Coding agents know a full context by these very words, and make their conversation shorter. */
function wordsOf({ code, message, data: { promptTokens, contextLength } }: AtelierError): string {
  if (code !== 'context_overflow') return message;
  if (typeof promptTokens === 'number' && typeof contextLength === 'number')
    return `prompt is too long: ${promptTokens} tokens > ${contextLength} maximum`;
  return `prompt is too long: ${message}`;
}

export function anthropicErrorBody(error: AtelierError, requestId: string | null = null) {
  const status = statusOf(error);
  const type = typeByStatus[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error' as const, error: { type, message: wordsOf(error) }, request_id: requestId };
}
