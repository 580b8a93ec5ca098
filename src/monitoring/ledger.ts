// The ledger's contract: open a span, end it, ask for traces. Writing is asynchronous and batched; at most 100 ms of
// spans are lost in a kill. An open span is stored too, so that a trace shows what was under way.
import type { ErrorBody } from '../contracts/errors.ts';
import type { Cost, Usage } from '../contracts/money.ts';
import type { RatingInput, Score } from '../contracts/score.ts';
import type { Span, Trace, TraceFilter, TraceSummary } from '../contracts/span.ts';
import type { UsageQuery, UsageReport } from '../contracts/usage.ts';

export interface SpanStart {
  traceId?: string;
  /** Goes on with the span that an earlier process left open: the same span runs again, and keeps when it began. */
  reopens?: { spanId: string; startUs: number };
  /** Chosen by the caller, so that it can be found again after a kill. Default: a random one. */
  spanId?: string;
  parentId?: string | null;
  name: string;
  kind: Span['kind'];
  userId: string;
  conversationId?: string | null;
  /** page, api, cli, job; kept on the root. */
  source?: string;
  /** The API key and the app that a call belongs to; kept on the root. */
  keyId?: string | null;
  app?: string | null;
  attributes?: Record<string, unknown>;
  input?: unknown;
}

export interface SpanEnd {
  status: 'ok' | 'error' | 'cancelled';
  error?: ErrorBody | null;
  model?: string | null;
  usage?: Usage | null;
  cost?: Cost | null;
  timeToFirstTokenMs?: number | null;
  attributes?: Record<string, unknown>;
  output?: unknown;
}

/** A span that is under way. `end` may be called once; a second call is ignored. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  setAttributes(attributes: Record<string, unknown>): void;
  end(end: SpanEnd): void;
}

export interface SpanNotice {
  event: 'started' | 'ended';
  traceId: string;
  spanId: string;
  kind: Span['kind'];
  userId: string;
}

export interface CallSums {
  calls: number;
  errors: number;
  /** Calls that came over one of the foreign wires. */
  apiCalls: number;
  costNano: number;
  unpricedCalls: number;
}

export interface Ledger {
  startSpan(start: SpanStart): OpenSpan;
  /** Resolves when everything that was ended before the call is stored. */
  flush(): Promise<void>;
  listTraces(
    filter: TraceFilter,
    userId: string | null,
  ): Promise<{ traces: TraceSummary[]; nextCursor: string | null }>;
  /** @throws AtelierError not_found, also for another person's trace. `userId` null sees all. */
  getTrace(traceId: string, userId: string | null): Promise<Trace>;
  /** Any judgement but a person's thumb: one a span, name and person. @throws AtelierError not_found */
  score(
    target: { traceId: string; spanId: string; userId: string },
    input: Pick<Score, 'name' | 'value' | 'reason' | 'correction' | 'source'>,
  ): Promise<Score>;
  rate(spanId: string, traceId: string, userId: string, input: RatingInput): Promise<Score | null>;
  scoresOf(spanIds: readonly string[], userId: string): Promise<Map<string, Score>>;
  /** JSON Lines: one line a trace (with spans and scores), oldest first. */
  exportTraces(filter: TraceFilter, userId: string | null): AsyncIterable<string>;
  /** JSON Lines: one line a rated answer: messages, answer, rating, reason, correction, model. */
  exportRatings(userId: string | null): AsyncIterable<string>;
  onChange(listener: (change: { traceId: string; userId: string }) => void): () => void;
  /** Told at once, before anything is stored: for what shows a run while it goes on. */
  onSpan(listener: (span: SpanNotice) => void): () => void;
  /** Sums of the hours since then, from the hourly figures. `userId` null sees all. */
  sumSince(from: number, userId: string | null): Promise<CallSums>;
  /** The same figures by hour, day, model, person, key, app or source. `userId` null sees all. */
  usageReport(query: UsageQuery, userId: string | null): Promise<UsageReport>;
  close(): Promise<void>;
}
