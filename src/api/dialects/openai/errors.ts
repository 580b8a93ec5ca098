// Errors as OpenAI words them: {error: {message, type, param, code}}. Its clients choose their class by status, and
// programs look at `code`.
import type { AtelierError, ErrorCode } from '../../../contracts/errors.ts';
import { statusOf } from '../../errors.ts';

/** A spent budget is what OpenAI's clients know as a spent quota, which is a 429 that is not tried again. */
export function openAiStatus(error: AtelierError): number {
  return error.code === 'budget_exceeded' ? 429 : statusOf(error);
}

const typeByStatus: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** Codes for which OpenAI has a word of its own; the others are ours. */
const codes: Partial<Record<ErrorCode, string>> = {
  context_overflow: 'context_length_exceeded',
  rate_limited: 'rate_limit_exceeded',
  provider_rate_limited: 'rate_limit_exceeded',
  budget_exceeded: 'insufficient_quota',
  unauthorized: 'invalid_api_key',
};

/** A message that does not say itself when there is money again, is told it. */
function withReset({ code, message, data: { resetsAt } }: AtelierError): string {
  if (code !== 'budget_exceeded' || typeof resetsAt !== 'number') return message;
  const when = new Date(resetsAt).toISOString();
  return message.includes(when.slice(0, 10)) ? message : `${message} It begins anew at ${when}.`;
}

export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string };
}

export function openAiErrorBody(error: AtelierError): OpenAiError {
  const status = statusOf(error);
  const { param, wireCode } = error.data;
  const quota = error.code === 'budget_exceeded' ? 'insufficient_quota' : undefined;
  return {
    error: {
      message: withReset(error),
      type: quota ?? typeByStatus[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: typeof param === 'string' ? param : error.code === 'model_not_found' ? 'model' : null,
      // Where this wire has a word for a case that is one of many to the rest of the program.
      code: typeof wireCode === 'string' ? wireCode : (codes[error.code] ?? error.code),
    },
  };
}
