// The bounded queue between a call's path and the store: spans are put in without waiting and written in batches.
// It knows nothing of SQL.
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import type { Log } from '../lib/log.ts';
import { keyOf, type SpanRecord } from './span-record.ts';

export interface SpanBufferOptions {
  /** Stores the spans in one batch; rejects when none of them was stored. */
  write(spans: readonly SpanRecord[]): Promise<void>;
  log: Log;
  /** Longest wait of a span before its batch begins. Leaves room for the fsync within the 100 ms that a kill may cost. */
  flushMs?: number;
  /** This many waiting spans begin a batch at once. */
  flushSpans?: number;
  /** Beyond this many waiting spans (the disk is full, the store is gone) new ones are dropped, counted and logged. */
  capacity?: number;
}

export interface SpanBuffer {
  /** Puts a new or changed span into the next batch. */
  put(span: SpanRecord): void;
  /** Resolves when everything that was put before the call is stored. @throws the store's error */
  flush(): Promise<void>;
}

/** Spans of one batch, whatever has piled up. */
const MOST_IN_A_BATCH = 1024;
const RETRY_MS = 1000;
/** Into which a refused batch is divided, to find what is refused. */
const PARTS = 8;

export function createSpanBuffer(options: SpanBufferOptions): SpanBuffer {
  const { write, log, flushMs = 60, flushSpans = 256, capacity = 50_000 } = options;
  let waiting = new Map<string, SpanRecord>();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let dropped = 0;
  /** While the store refuses, only the timer tries again. */
  let failing = false;

  function arm(delay: number): void {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      begin().catch(() => {}); // logged and tried again by writeBatch
    }, delay);
    timer.unref();
  }

  function take(): SpanRecord[] {
    const spans = [...waiting.values()];
    if (spans.length <= MOST_IN_A_BATCH) {
      waiting = new Map();
      return spans;
    }
    const batch = spans.slice(0, MOST_IN_A_BATCH);
    for (const span of batch) waiting.delete(keyOf(span));
    return batch;
  }

  /**
   * Stores the batch. A span that the store refuses whatever comes with it must not keep all others from it for ever: when
   * a part of the batch can be stored and another cannot, the refused one is looked for, dropped and told.
   * @throws the store's error when nothing can be stored
   */
  async function written(batch: readonly SpanRecord[], storeWorks = false): Promise<void> {
    try {
      return await write(batch);
    } catch (error) {
      if (batch.length === 1) {
        if (!storeWorks) throw error;
        const [span] = batch;
        log.error('a span that the store refuses was dropped, so that the others are stored', {
          code: isAtelierError(error) ? error.code : 'internal',
          message: String(error),
          trace: span?.traceId,
          name: span?.name,
        });
        return;
      }
      await inParts(batch, error, storeWorks);
    }
  }

  async function inParts(batch: readonly SpanRecord[], error: unknown, storeWorks: boolean): Promise<void> {
    const size = Math.ceil(batch.length / PARTS);
    const refused: (readonly SpanRecord[])[] = [];
    let works = storeWorks;
    for (let from = 0; from < batch.length; from += size) {
      const part = batch.slice(from, from + size);
      try {
        await write(part);
        works = true;
      } catch {
        refused.push(part);
      }
      // The disk is full or the store is gone: nothing is asked eight times.
      if (!works && refused.length === 2) throw error;
    }
    if (!works) throw error;
    for (const part of refused) await written(part, true);
  }

  async function writeBatch(): Promise<void> {
    const batch = take();
    if (batch.length === 0) return;
    try {
      await written(batch);
    } catch (error) {
      // What came in meanwhile is newer: the failed ones go before it and never over it.
      const newer = waiting;
      waiting = new Map(batch.map((span) => [keyOf(span), span]));
      for (const [key, span] of newer) waiting.set(key, span);
      const { code, message } = isAtelierError(error) ? error : { code: 'internal', message: String(error) };
      if (!failing) {
        log.error('spans could not be stored; they are kept and tried again', {
          code,
          message,
          spans: batch.length,
        });
      }
      failing = true;
      arm(RETRY_MS);
      throw error;
    }
    failing = false;
    if (dropped > 0) {
      log.error('spans were dropped because the store did not take them in time', { spans: dropped });
      dropped = 0;
    }
  }

  /** One batch at a time; a call during a batch waits for it and begins the next. */
  function begin(): Promise<void> {
    underWay ??= writeBatch().finally(() => {
      underWay = undefined;
      if (waiting.size >= flushSpans) arm(0);
      else if (waiting.size > 0) arm(flushMs);
    });
    return underWay;
  }

  return {
    put(span) {
      if (waiting.size >= capacity && !waiting.has(keyOf(span))) {
        dropped += 1;
        return;
      }
      waiting.set(keyOf(span), span);
      if (waiting.size >= flushSpans && underWay === undefined && !failing) begin().catch(() => {});
      else arm(flushMs);
    },
    async flush() {
      // What waits now is in the next batches, whoever begins them; the one under way began before.
      const wait = waiting.size;
      if (underWay !== undefined) await underWay;
      for (let left = wait; left > 0; left -= MOST_IN_A_BATCH) await begin();
      if (dropped > 0) {
        throw new AtelierError(
          'storage_failed',
          `${dropped} spans were dropped because the store did not take them in time. Free the disk or see the log.`,
          { data: { dropped } },
        );
      }
    },
  };
}
