// Watches a model's stream on its way through: sees every part, and is told exactly once how it ended.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError, isAtelierError, toAtelierError } from '../contracts/errors.ts';

export interface StreamOutcome {
  status: 'ok' | 'error' | 'cancelled';
  error: AtelierError | null;
}

export interface StreamWatcher {
  part(part: LanguageModelV4StreamPart): void;
  /** Called once. May return a richer error to hand on in place of `outcome.error`. */
  end(outcome: StreamOutcome): AtelierError | undefined;
  /** Ends the stream when it fires. */
  signal?: AbortSignal | undefined;
  /** Tells the source to stop, whether by `signal` or because the consumer went away. */
  abort?: () => void;
}

/** A source that is told to stop has this long to report its usage in a `finish` part. */
export const CANCEL_GRACE_MS = 250;

/** Why a stream that was told to stop ended: a limit of ours says so itself, all else is a cancellation. */
const stopped = (signal: AbortSignal | undefined): AtelierError =>
  isAtelierError(signal?.reason)
    ? signal.reason
    : new AtelierError('cancelled', 'The call was cancelled before the answer was complete.');

function brokenFinish(part: LanguageModelV4StreamPart): AtelierError | null {
  if (part.type !== 'finish') return null;
  const { unified, raw } = part.finishReason;
  if (unified !== 'error' && unified !== 'interrupted') return null;
  return new AtelierError(
    'provider_failed',
    `The model ended its answer with an error${raw ? ` (${raw})` : ''}. Ask again; if it stays, choose another model.`,
    { retryable: true },
  );
}

/**
 * The stream that comes out holds the same parts. A failure becomes one `error` part that carries an AtelierError, and
 * the stream then ends; so does a cancellation by `signal`.
 */
export function watchStream(
  source: ReadableStream<LanguageModelV4StreamPart>,
  watcher: StreamWatcher,
): ReadableStream<LanguageModelV4StreamPart> {
  const reader = source.getReader();
  let out: ReadableStreamDefaultController<LanguageModelV4StreamPart> | null = null;
  let ended = false;
  let stopping = false;
  let sourceDone = false;

  function end(outcome: StreamOutcome): void {
    if (ended) return;
    ended = true;
    watcher.signal?.removeEventListener('abort', stop);
    const error = watcher.end(outcome) ?? outcome.error;
    // A consumer that cancelled has closed `out` already; then nobody is left to tell.
    if (error && out) {
      out.enqueue({ type: 'error', error });
      out.close();
      out = null;
    }
    if (!sourceDone && outcome.status !== 'ok') reader.cancel(error).catch(() => undefined);
  }

  const endStopped = (error: AtelierError = stopped(watcher.signal)) =>
    end({ status: error.code === 'cancelled' ? 'cancelled' : 'error', error });

  function fail(thrown: unknown): void {
    const error = toAtelierError(thrown);
    if (stopping || error.code === 'cancelled')
      endStopped(isAtelierError(thrown) && error.code === 'cancelled' ? thrown : undefined);
    else end({ status: 'error', error });
  }

  /** Handles one part; whether it was handed on. */
  function handle(part: LanguageModelV4StreamPart): boolean {
    if (part.type === 'error') {
      fail(part.error);
      return false;
    }
    watcher.part(part);
    if (stopping) {
      if (part.type === 'finish') endStopped();
      return false;
    }
    const broken = brokenFinish(part);
    if (broken) {
      end({ status: 'error', error: broken });
      return false;
    }
    if (part.type === 'finish') end({ status: 'ok', error: null });
    out?.enqueue(part);
    return true;
  }

  /** Reads one part from the source; false when there is nothing more to read. */
  async function step(): Promise<'handed-on' | 'kept' | 'over'> {
    try {
      const next = await reader.read();
      if (next.done) {
        sourceDone = true;
        if (!ended) {
          if (stopping) endStopped();
          else {
            end({
              status: 'error',
              error: new AtelierError(
                'provider_failed',
                'The model’s stream was cut off before the answer was complete. Ask again.',
                { retryable: true },
              ),
            });
          }
        }
        out?.close();
        out = null;
        return 'over';
      }
      if (ended && next.value.type === 'error') {
        out?.close();
        out = null;
        return 'over';
      }
      return handle(next.value) ? 'handed-on' : 'kept';
    } catch (error) {
      sourceDone = true;
      fail(error);
      out?.close();
      out = null;
      return 'over';
    }
  }

  /** Tells the source to stop and waits, for a short while, for the usage it may still report. */
  async function windDown(): Promise<void> {
    if (ended || stopping) return;
    stopping = true;
    watcher.abort?.();
    const timer = setTimeout(() => endStopped(), CANCEL_GRACE_MS);
    try {
      while (!ended && (await step()) !== 'over');
    } finally {
      clearTimeout(timer);
      endStopped();
    }
  }

  function stop(): void {
    void windDown();
  }

  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      start(controller) {
        out = controller;
        if (watcher.signal?.aborted) stop();
        else watcher.signal?.addEventListener('abort', stop, { once: true });
      },
      async pull() {
        while (out && (await step()) === 'kept');
      },
      async cancel() {
        out = null;
        if (ended) return reader.cancel();
        if (watcher.abort) return windDown();
        // Without `abort` the source is a watched stream, whose own cancel winds down; this one ends after it.
        stopping = true;
        await reader.cancel();
        sourceDone = true;
        endStopped();
      },
    },
    { highWaterMark: 0 },
  );
}
