// The ledger over the store. A call's path only touches memory: spans go into a bounded buffer and from there to the
// store in batches. Reads wait for nothing and see what is stored; writes that name a span flush first.
import { createClock } from '../lib/clock.ts';
import { createEmitter } from '../lib/emitter.ts';
import { newSpanId, newTraceId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import { sumSince } from './hourly-sums.ts';
import { markInterrupted } from './interrupted-spans.ts';
import type { Ledger, OpenSpan, SpanEnd, SpanNotice, SpanStart } from './ledger.ts';
import { rate, score, scoresOf } from './rating.ts';
import { createSpanBuffer } from './span-buffer.ts';
import type { SpanRecord } from './span-record.ts';
import { spanBatch } from './span-write.ts';
import { exportRatings, exportTraces } from './trace-export.ts';
import { getTrace, listTraces } from './trace-query.ts';
import { usageReport } from './usage-report.ts';

export interface LedgerOptions {
  store: Store;
  log: Log;
  /** Asked once a batch. False: figures are stored, messages are not. */
  keepContent: () => boolean | Promise<boolean>;
  /** Epoch microseconds. */
  clock?: () => number;
  flushMs?: number;
  flushSpans?: number;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { store, log, keepContent, clock = createClock(), flushMs, flushSpans } = options;
  const changes = createEmitter<{ traceId: string; userId: string }>((error) =>
    log.error('a listener of the ledger failed', { message: String(error) }),
  );
  const notices = createEmitter<SpanNotice>((error) =>
    log.error('a listener of the spans failed', { message: String(error) }),
  );
  const notice = (event: SpanNotice['event'], { traceId, spanId, kind, userId }: SpanRecord): SpanNotice => ({
    event,
    traceId,
    spanId,
    kind,
    userId,
  });

  /** Before the first batch, so that it never meets a span of this process. */
  let recovered: Promise<unknown> | undefined;
  const recover = () => {
    recovered ??= store.write(markInterrupted(store)).catch((error: unknown) => {
      recovered = undefined;
      throw error;
    });
    return recovered;
  };

  async function write(spans: readonly SpanRecord[]): Promise<void> {
    await recover();
    const batch = spanBatch(store, spans, await keepContent());
    await store.write(batch.statements);
    batch.stored();
    const owners = new Map(spans.map((span) => [span.traceId, span.userId]));
    for (const [traceId, userId] of owners) changes.emit({ traceId, userId });
  }

  const buffer = createSpanBuffer({
    write,
    log,
    ...(flushMs === undefined ? {} : { flushMs }),
    ...(flushSpans === undefined ? {} : { flushSpans }),
  });
  recover().catch((error: unknown) =>
    log.error('spans of an earlier process could not be marked; tried again with the next spans', {
      message: String(error),
    }),
  );

  function startSpan(start: SpanStart): OpenSpan {
    const span: SpanRecord = {
      traceId: start.traceId ?? newTraceId(),
      spanId: start.reopens?.spanId ?? start.spanId ?? newSpanId(),
      parentId: start.parentId ?? null,
      name: start.name,
      kind: start.kind,
      startUs: start.reopens?.startUs ?? clock(),
      reopened: start.reopens !== undefined,
      userId: start.userId,
      conversationId: start.conversationId ?? null,
      source: start.source ?? null,
      keyId: start.keyId ?? null,
      app: start.app ?? null,
      endUs: null,
      status: 'running',
      error: null,
      model: null,
      usage: null,
      cost: null,
      timeToFirstTokenMs: null,
      attributes: { ...start.attributes },
      input: start.input,
      output: undefined,
    };
    buffer.put(span);
    notices.emit(notice('started', span));
    return {
      traceId: span.traceId,
      spanId: span.spanId,
      setAttributes(attributes) {
        if (span.endUs !== null) return;
        Object.assign(span.attributes, attributes);
        buffer.put(span);
      },
      end(end: SpanEnd) {
        if (span.endUs !== null) return;
        span.endUs = Math.max(clock(), span.startUs);
        span.status = end.status;
        span.error = end.error ?? null;
        span.model = end.model ?? null;
        span.usage = end.usage ?? null;
        span.cost = end.cost ?? null;
        span.timeToFirstTokenMs = end.timeToFirstTokenMs ?? null;
        Object.assign(span.attributes, end.attributes);
        span.output = end.output;
        buffer.put(span);
        notices.emit(notice('ended', span));
      },
    };
  }

  return {
    startSpan,
    flush: buffer.flush,
    listTraces: (filter, userId) => listTraces(store, filter, userId),
    getTrace: (traceId, userId) => getTrace(store, traceId, userId),
    async score(target, input) {
      await buffer.flush();
      const stored = await score(store, target, input, Date.now());
      changes.emit({ traceId: target.traceId, userId: target.userId });
      return stored;
    },
    async rate(spanId, traceId, userId, input) {
      await buffer.flush();
      const score = await rate(store, { traceId, spanId, userId }, input, Date.now());
      changes.emit({ traceId, userId });
      return score;
    },
    scoresOf: (spanIds, userId) => scoresOf(store, spanIds, userId),
    exportTraces: (filter, userId) => exportTraces(store, filter, userId),
    exportRatings: (userId) => exportRatings(store, userId),
    onChange: changes.on,
    onSpan: notices.on,
    sumSince: (from, userId) => sumSince(store, from, userId),
    usageReport: (query, userId) => usageReport(store, query, userId),
    close: buffer.flush,
  };
}
