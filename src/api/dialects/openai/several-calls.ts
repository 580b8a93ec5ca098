// The calls behind one request, one a choice: under one trace, begun together, and ended together when one fails.
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { CallContext, ModelStream } from '../../../models/model-call.ts';
import type { OpenSpan } from '../../../monitoring/ledger.ts';
import type { ApiServices } from '../../services.ts';
import { type ChoiceEvent, readChoice } from './choice.ts';

export interface SeveralCalls {
  /** What the headers tell of. */
  first: ModelStream;
  choices: AsyncIterable<ChoiceEvent>[];
  /** Ends every call. */
  stop(reason?: unknown): void;
}

interface SeveralCallsOptions {
  model: string;
  calls: readonly LanguageModelV4CallOptions[];
  context: CallContext;
  /** Of the trace, when there are several. */
  name: string;
  signal: AbortSignal;
}

/** Several choices of one request hang below one span, so that they are one trace; a single call is its own root. */
function openRoot(
  ledger: ApiServices['ledger'],
  { calls, context, name }: SeveralCallsOptions,
): OpenSpan | null {
  if (calls.length === 1) return null;
  return ledger.startSpan({
    name,
    kind: 'request',
    userId: context.identity.userId,
    source: context.source,
    keyId: context.identity.keyId ?? null,
    app: context.app ?? null,
  });
}

async function* endRoot(
  events: AsyncIterable<ChoiceEvent>,
  done: (error: unknown) => void,
): AsyncGenerator<ChoiceEvent> {
  let failure: unknown = new AtelierError('cancelled', 'The call was cancelled.');
  try {
    for await (const event of events) {
      // A reader may leave at the end of the answer without asking for more.
      if (event.type === 'finish') failure = null;
      yield event;
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    done(failure);
  }
}

/** Ends the root when the last choice has ended, with the first failure if there was one. */
function watchRoot(root: OpenSpan | null, n: number, model: string | null): (error: unknown) => void {
  let open = n;
  let first: unknown = null;
  return (error) => {
    first ??= error;
    if (--open > 0 || root === null) return;
    if (first === null) return root.end({ status: 'ok', model });
    const known = toAtelierError(first);
    root.end({ status: known.code === 'cancelled' ? 'cancelled' : 'error', error: known.toJSON(), model });
  };
}

/** @throws AtelierError what the first refused call was refused for; the others are then ended */
export async function openCalls(
  { gateway, ledger }: Pick<ApiServices, 'gateway' | 'ledger'>,
  options: SeveralCallsOptions,
): Promise<SeveralCalls> {
  const { model, calls, context, signal } = options;
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([stop.signal, signal]);
  const root = openRoot(ledger, options);
  const below =
    root === null ? context : { ...context, parent: { traceId: root.traceId, spanId: root.spanId } };
  const opening = calls.map((call) => gateway.stream(model, { ...call, abortSignal }, below));
  let streams: ModelStream[];
  try {
    streams = await Promise.all(opening);
  } catch (error) {
    stop.abort();
    // Nobody will read those that were opened: their reservations and spans end with them.
    for (const one of opening) one.then(({ stream }) => stream.cancel()).then(undefined, () => undefined);
    watchRoot(root, 1, null)(error);
    throw error;
  }
  const [first] = streams as [ModelStream];
  const done = watchRoot(root, streams.length, first.model.id);
  return {
    first,
    choices: streams.map(({ stream }) => endRoot(readChoice(stream), done)),
    stop: (reason) => stop.abort(reason),
  };
}
