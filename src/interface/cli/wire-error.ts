// What a server's error body says, as our own error: our routes send it whole, the OpenAI wire in words of its own.
import { AtelierError, type ErrorCode, errorCodes, errorFromBody } from '../../contracts/errors.ts';

/** OpenAI's words for codes of ours. */
const openAiCodes: Record<string, ErrorCode> = {
  context_length_exceeded: 'context_overflow',
  rate_limit_exceeded: 'rate_limited',
  insufficient_quota: 'budget_exceeded',
  invalid_api_key: 'unauthorized',
};

/** `error` is the value under that name in the body; null when it is no error that we know. */
export function wireError(error: unknown): AtelierError | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, message, data, retryable } = error as Record<string, unknown>;
  if (typeof message !== 'string') return null;
  const name = String(code);
  const ours = name in errorCodes ? name : (openAiCodes[name] ?? 'internal');
  if (typeof data === 'object' && data !== null)
    return errorFromBody({
      code: ours,
      message,
      data: data as Record<string, unknown>,
      retryable: retryable === true,
    });
  return new AtelierError(ours as ErrorCode, message);
}
