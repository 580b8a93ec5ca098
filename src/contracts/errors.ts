// One error for the whole program: a code, the data behind it and the next step.
// It is recognised by code, so that it survives a worker, a process and a wire.
import { z } from 'zod';

/** Every code, with what it means. The page words them by code; the API and the command line use `message`. */
export const errorCodes = {
  invalid_request: 'The request has a wrong or missing field.',
  not_found: 'There is nothing under that id.',
  conflict: 'The thing changed or exists already.',
  unauthorized: 'No valid key or session.',
  forbidden: 'This identity may not do that.',
  host_not_allowed: 'The Host header names no address of this server.',
  origin_not_allowed: 'A foreign page may not call this server.',
  payload_too_large: 'The body is larger than the limit.',
  unsupported_media_type: 'The body has a type that this route does not read.',
  model_not_found: 'No model or alias has that id.',
  model_not_installed: 'The model is in the catalogue and not on this machine.',
  model_loading: 'The model is on its way; try again shortly.',
  model_failed: 'The model could not be loaded or its process died.',
  invalid_model_file: 'The file is no model that can be used, or only a part of one.',
  context_overflow: 'The prompt does not fit into the context of the model.',
  unsupported_content: 'The model cannot read this kind of content.',
  insufficient_memory: 'The machine has too little free memory for this model.',
  training_failed: 'A training run cannot go on.',
  rate_limited: 'Too many requests for now.',
  budget_exceeded: 'The budget does not allow this call.',
  provider_rejected: 'The remote provider refused the request.',
  provider_unauthorized: 'The remote provider refused the key.',
  provider_rate_limited: 'The remote provider asks to wait.',
  provider_failed: 'The remote provider failed or sent something unreadable.',
  provider_unreachable: 'The remote provider did not answer.',
  cancelled: 'The caller went away or pressed stop.',
  download_failed: 'No source could deliver the file.',
  download_corrupt: 'The file does not have the size or hash that was promised.',
  source_unavailable: 'A source of a model cannot be used on this machine.',
  document_encrypted: 'The document needs a password.',
  document_broken: 'The document is damaged, or is not what its name says.',
  document_empty: 'The file holds nothing.',
  document_too_large: 'The document is over a limit of size, pages or memory, packed or unpacked.',
  document_unsupported: 'No parser reads this kind of file.',
  document_timeout: 'The document took longer to read than the limit.',
  storage_full: 'The disk is full.',
  storage_failed: 'The data folder could not be read or written.',
  store_newer: 'The data was written by a newer program.',
  store_locked: 'Another program holds the data folder.',
  tool_not_found: 'No tool has that name, or it is switched off.',
  tool_input_invalid: 'The input of a tool call does not fit the tool.',
  tool_failed: 'The tool itself failed.',
  app_failed: 'The application itself failed.',
  timed_out: 'The work took longer than its limit.',
  address_refused: 'The guard lets no request go to that address.',
  fetch_failed: 'The address could not be fetched.',
  response_too_large: 'The answer of the address is larger than the limit.',
  path_refused: 'The path leads out of the folder of the run, or is no plain file name.',
  workspace_full: 'The folder of the run has reached its limit.',
  interrupted: 'The program ended before the work was done.',
  internal: 'A defect in Atelier.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export const errorBodySchema = z.object({
  code: z.string().describe('One of the stable error codes'),
  message: z.string().describe('What happened, with which value, and what to do next, in English'),
  data: z.record(z.string(), z.unknown()).describe('The values behind the message'),
  retryable: z.boolean().describe('Whether the same call may succeed later'),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export interface AtelierErrorOptions {
  /** The values behind the message: what was asked, what exists instead. Never a secret. */
  data?: Record<string, unknown>;
  cause?: unknown;
  retryable?: boolean;
}

export class AtelierError extends Error {
  override readonly name = 'AtelierError';
  readonly code: ErrorCode;
  readonly data: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: AtelierErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
    this.retryable = options.retryable ?? false;
  }

  toJSON(): ErrorBody {
    return { code: this.code, message: this.message, data: this.data, retryable: this.retryable };
  }
}

/** True for an AtelierError of this process and for one that crossed a worker or process boundary. */
export function isAtelierError(value: unknown): value is AtelierError {
  return (
    value instanceof Error && 'code' in value && 'retryable' in value && String(value.code) in errorCodes
  );
}

/** Rebuilds an error that was sent as JSON. An unknown code becomes `internal` and keeps its text. */
export function errorFromBody(body: ErrorBody): AtelierError {
  const code = (body.code in errorCodes ? body.code : 'internal') as ErrorCode;
  return new AtelierError(code, body.message, { data: body.data, retryable: body.retryable });
}

/** Any thrown value as an AtelierError. What is not ours becomes `internal` with its text kept. */
export function toAtelierError(value: unknown): AtelierError {
  if (isAtelierError(value)) return value;
  if (value instanceof Error) {
    if (value.name === 'AbortError')
      return new AtelierError('cancelled', 'The call was cancelled.', { cause: value });
    return new AtelierError('internal', value.message, { cause: value });
  }
  return new AtelierError('internal', String(value));
}
