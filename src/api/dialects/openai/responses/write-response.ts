// Writes a whole Response: its numbered events from `response.created` to the one that ends it, whatever ends it.
import { AtelierError, toAtelierError } from '../../../../contracts/errors.ts';
import type { ModelStream } from '../../../../models/model-call.ts';
import { openAiErrorBody } from '../errors.ts';
import { type ResponseObject, responseError, toResponseUsage } from './response-object.ts';
import { type WriteItemsOptions, writeItems } from './write-items.ts';

/** As it goes over the wire; the JSON is of the moment, while the Response itself goes on changing. */
export interface ResponseEvent {
  number: number;
  type: string;
  json: string;
}

export interface WriteResponseOptions extends Omit<WriteItemsOptions, 'responseId' | 'output'> {
  response: ResponseObject;
  /** Begins the call, when that was not done before. */
  open: () => Promise<Pick<ModelStream, 'stream' | 'model' | 'traceId'>>;
  /** Told of the call once it has begun. */
  onOpen?: (answer: Pick<ModelStream, 'model' | 'traceId'>) => void;
  /** Called once, with the Response as it ended, before the event that says so. */
  onEnd: (error: AtelierError | null) => Promise<void>;
  now?: () => number;
}

export async function* writeResponse(options: WriteResponseOptions): AsyncGenerator<ResponseEvent> {
  const { response, open, onOpen, onEnd, now = Date.now, ...items } = options;
  let number = 0;
  let ended = false;
  const event = (type: string, fields: Record<string, unknown>): ResponseEvent => {
    const sequence_number = number++;
    return { number: sequence_number, type, json: JSON.stringify({ type, sequence_number, ...fields }) };
  };
  const end = async (error: AtelierError | null) => {
    ended = true;
    await onEnd(error);
  };

  try {
    yield event('response.created', { response });
    if (response.status === 'queued') yield event('response.queued', { response });
    const answer = await open();
    response.model = answer.model.id;
    response.status = 'in_progress';
    onOpen?.(answer);
    yield event('response.in_progress', { response });

    const { id: responseId, output } = response;
    for await (const part of writeItems(answer.stream, { ...items, responseId, output })) {
      if (part.type !== 'finish') {
        const { type, ...fields } = part;
        yield event(type, fields);
        continue;
      }
      response.usage = toResponseUsage(part.usage);
      const whole = part.reason === 'completed';
      response.status = whole ? 'completed' : 'incomplete';
      if (whole) response.completed_at = Math.floor(now() / 1000);
      else response.incomplete_details = { reason: part.reason };
      await end(null);
      yield event(whole ? 'response.completed' : 'response.incomplete', { response });
    }
  } catch (thrown) {
    if (ended) throw thrown;
    const error = toAtelierError(thrown);
    if (error.code === 'cancelled') {
      response.status = 'cancelled';
      await end(error);
      // The wire has no event of this name; the Response in it says what happened.
      yield event('response.incomplete', { response });
      return;
    }
    const body = openAiErrorBody(error);
    response.status = 'failed';
    response.error = responseError(body);
    await end(error);
    const { code, message, param } = body.error;
    yield event('error', { code, message, param, error: body.error });
    yield event('response.failed', { response });
  } finally {
    // Whoever read this went away in the middle.
    if (!ended) {
      response.status = 'cancelled';
      await end(new AtelierError('cancelled', 'The client went away before the answer was complete.'));
    }
  }
}
