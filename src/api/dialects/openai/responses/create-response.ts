// Answers a prepared request: at once for the client that waits, or in the background for whoever asks later.
import { type AtelierError, toAtelierError } from '../../../../contracts/errors.ts';
import type { CallContext, ModelStream } from '../../../../models/model-call.ts';
import type { StoredResponses } from '../../../../store/stored-responses.ts';
import type { ApiServices } from '../../../services.ts';
import { createEventLog } from './event-log.ts';
import { interrupted, type KeptBody } from './kept.ts';
import type { LiveResponse, LiveResponses } from './live-responses.ts';
import type { Prepared } from './prepare.ts';
import { newResponse, type ResponseObject } from './response-object.ts';
import type { ResponseRequest } from './schema.ts';
import { type ResponseEvent, writeResponse } from './write-response.ts';

export interface CreateServices {
  gateway: ApiServices['gateway'];
  responses: StoredResponses;
  log: ApiServices['log'];
  live: LiveResponses;
  /** Ends what is written in the background. */
  shutdown: AbortSignal;
}

export interface CreateOptions {
  id: string;
  request: ResponseRequest;
  prepared: Prepared;
  context: CallContext;
}

interface Written {
  live: LiveResponse;
  events: AsyncGenerator<ResponseEvent>;
  /** What it ended with; null: well. */
  failure(): AtelierError | null;
}

type Opened = Pick<ModelStream, 'stream' | 'model' | 'traceId'>;

/** Joins the writing with what is kept of it. `signal` ends the call. */
function write(
  { responses, live: lives, log, shutdown }: CreateServices,
  { request, prepared, context, id }: CreateOptions,
  parts: { stop: AbortController; open: () => Promise<Opened>; model: string; background: boolean },
): Written {
  const createdAt = Date.now();
  const response = newResponse(request, {
    id,
    model: parts.model,
    createdAt,
    status: parts.background ? 'queued' : 'in_progress',
  });
  const ended = Promise.withResolvers<void>();
  const live: LiveResponse = {
    userId: context.identity.userId,
    response,
    inputItems: prepared.inputItems,
    log: parts.background ? createEventLog() : null,
    deleted: false,
    cancel: () => parts.stop.abort(new DOMException('The response was cancelled.', 'AbortError')),
    ended: ended.promise,
  };
  const keeps = request.store !== false;
  if (keeps) lives.add(live);
  let failure: AtelierError | null = null;
  let traceId: string | null = null;
  const put = async () => {
    if (!keeps || live.deleted) return;
    const body: KeptBody = { response, events: live.log?.kept() ?? null };
    await responses.put({
      id,
      userId: live.userId,
      model: response.model,
      status: response.status,
      body,
      inputItems: prepared.inputItems,
      previousId: request.previous_response_id ?? null,
      traceId,
      createdAt,
    });
  };

  async function* events(): AsyncGenerator<ResponseEvent> {
    try {
      // A background response is there from the moment its id is told.
      if (parts.background) await put();
      yield* writeResponse({
        response,
        open: parts.open,
        onOpen: (answer) => {
          traceId = answer.traceId;
        },
        async onEnd(error) {
          failure = error;
          if (parts.background && shutdown.aborted && response.status === 'cancelled')
            Object.assign(response, { status: 'failed', error: interrupted });
          await put();
        },
        wire: prepared.wire,
        logprobs: prepared.options.providerOptions?.atelier?.logprobs === true,
        summary: Boolean(request.reasoning?.summary),
        packed: request.include?.includes('reasoning.encrypted_content') ?? false,
      });
    } finally {
      try {
        // Once more, now with the last event.
        if (parts.background) await put();
      } catch (error) {
        log.error('a response could not be stored', { id, error: String(error) });
      }
      ended.resolve();
    }
  }
  return { live, events: events(), failure: () => failure };
}

export interface Foreground extends Written {
  answer: ModelStream;
  stop(reason?: unknown): void;
}

/** @throws AtelierError whatever is known before the first word, so that it is a status and not an event */
export async function createForeground(
  services: CreateServices,
  options: CreateOptions,
  gone: AbortSignal,
): Promise<Foreground> {
  const { prepared, context } = options;
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([stop.signal, gone]);
  const answer = await services.gateway.stream(prepared.model, { ...prepared.options, abortSignal }, context);
  const written = write(services, options, {
    stop,
    open: async () => answer,
    model: answer.model.id,
    background: false,
  });
  return { ...written, answer, stop: (reason) => stop.abort(reason) };
}

/** Resolves when it is stored and can be asked for; the writing goes on by itself. */
export async function createBackground(
  services: CreateServices,
  options: CreateOptions,
): Promise<{ live: LiveResponse; queued: ResponseObject }> {
  const { prepared, context } = options;
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([stop.signal, services.shutdown]);
  const { live, events } = write(services, options, {
    stop,
    open: () => services.gateway.stream(prepared.model, { ...prepared.options, abortSignal }, context),
    model: prepared.model,
    background: true,
  });
  const first = await events.next();
  const queued = structuredClone(live.response);
  if (!first.done) live.log?.push(first.value);
  void (async () => {
    try {
      for await (const event of events) live.log?.push(event);
    } catch (error) {
      services.log.error('a background response ended badly', {
        id: live.response.id,
        code: toAtelierError(error).code,
      });
    } finally {
      live.log?.end();
    }
  })();
  return { live, queued };
}
