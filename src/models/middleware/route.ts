// Which model is asked, how often, how long it may take, and which one next. Another model or another try answers only for
// what nobody has seen yet: once a part of an answer is out, its failure is the caller's to see.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import { type AttemptLimits, attemptLimits } from '../attempt-limits.ts';
import type { ModelCall, ModelMiddleware, ModelStream, NextCall, ResolvedModel } from '../model-call.ts';
import { tryInTurn } from '../try-in-turn.ts';
import { watchStream } from '../watch-stream.ts';

export interface RouteOptions {
  /** From 0 to 1. */
  random?: () => number;
}

/** Parts that come before anything that a model wrote. */
const opening = new Set(['stream-start', 'response-metadata', 'raw']);

/** Reads up to the first part of substance, and gives the stream back whole. @throws what the stream began with */
async function begun(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const reader = stream.getReader();
  const held: LanguageModelV4StreamPart[] = [];
  for (;;) {
    const next = await reader.read();
    if (next.done) break;
    if (next.value.type === 'error') throw next.value.error;
    held.push(next.value);
    if (!opening.has(next.value.type)) break;
  }
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        const first = held.shift();
        if (first) return controller.enqueue(first);
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** `hold`: another try or model is left, so the answer is handed on only when it has begun. */
async function attempt(
  call: ModelCall,
  next: NextCall,
  limits: AttemptLimits,
  hold: boolean,
): Promise<ModelStream> {
  try {
    const answer = await next({ ...call, options: { ...call.options, abortSignal: limits.signal } });
    limits.connected();
    const stream = hold ? await begun(answer.stream) : answer.stream;
    if (hold) limits.begun();
    return {
      ...answer,
      stream: watchStream(stream, {
        part({ type }) {
          if (!opening.has(type)) limits.begun();
        },
        end() {
          limits.done();
          return undefined;
        },
      }),
    };
  } catch (thrown) {
    limits.done();
    throw thrown;
  }
}

export function route({ random = Math.random }: RouteOptions = {}): ModelMiddleware {
  return async (call, next) => {
    const { plan, options } = call;
    if (!plan) throw new AtelierError('internal', 'route ran before identify.');
    const { settings } = plan;
    // An id is asked once and alone: nothing to hold back, nothing to wait for.
    if (settings === null) return next(call);

    const signal = options.abortSignal;
    const { answer, routed } = await tryInTurn(plan, { signal, random }, (candidate, last) => {
      const limits = attemptLimits(settings, signal, candidate.info.id);
      return attempt(withCandidate(call, candidate), next, limits, !last);
    });
    return { ...answer, routed };
  };
}

function withCandidate(call: ModelCall, candidate: ResolvedModel): ModelCall {
  const { reference } = call.plan ?? {};
  return {
    ...call,
    resolved: candidate,
    ...(reference && reference.id !== candidate.info.id ? { reference: reference.price } : {}),
  };
}
