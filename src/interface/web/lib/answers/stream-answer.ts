// Asks for an answer and gives its events as they come, in the lumps in which they arrive.
import { AtelierError, type ErrorBody, errorFromBody } from '../../../../contracts/errors.ts';
import type { AnswerEvent } from '../../../../contracts/playground.ts';
import { readSse } from '../sse.ts';

export interface AnswerRequest {
  /** The part after `/atelier/v1`. */
  path: string;
  body: unknown;
}

async function refusal(response: Response): Promise<AtelierError> {
  const body = (await response.json().catch(() => null)) as { error?: ErrorBody } | null;
  if (body?.error) return errorFromBody({ ...body.error, data: body.error.data ?? {} });
  return new AtelierError('internal', `${response.url} answered ${response.status}.`, {
    data: { status: response.status },
  });
}

/** @throws AtelierError with the server's code; the signal's reason when it fires */
export async function* streamAnswer(
  { path, body }: AnswerRequest,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent[]> {
  let response: Response;
  try {
    response = await fetch(`/atelier/v1${path}`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream, application/json',
        'content-type': 'application/json',
        'x-atelier-client': 'web',
      },
      body: JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new AtelierError('interrupted', 'Atelier does not answer. Is it still running?', {
      data: { offline: true },
      retryable: true,
      cause,
    });
  }
  if (!response.ok || response.body === null) throw await refusal(response);
  for await (const messages of readSse(response.body)) {
    const failed = messages.findIndex(({ event }) => event === 'error');
    const good = failed === -1 ? messages : messages.slice(0, failed);
    yield good.map(({ data }) => JSON.parse(data) as AnswerEvent);
    const error = messages[failed];
    if (error !== undefined) throw errorFromBody(JSON.parse(error.data) as ErrorBody);
  }
}
