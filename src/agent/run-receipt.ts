// What a run took, summed over its model calls, as the line under its answer shows.
import type { Receipt } from '../contracts/conversation.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { type Notice, saidOf } from '../contracts/notice.ts';
import type { RunState } from './loop/run-state.ts';

export interface RunTimes {
  durationMs: number;
  firstTokenMs: number | null;
  /** Of the last answer: tokens and how long they took. */
  writeMs: number;
  writtenTokens: number;
}

export function runReceipt(
  model: ModelInfo,
  state: RunState,
  times: RunTimes,
  trace: { traceId: string; spanId: string },
  finishReason: string,
  said: readonly Notice[],
): Receipt {
  const { writeMs, writtenTokens } = times;
  return {
    model: model.id,
    place: model.place,
    usage: state.usage,
    cost: state.modelCalls === 0 && model.price.kind !== 'none' ? { kind: 'unknown' } : state.cost,
    finishReason,
    timeToFirstTokenMs: times.firstTokenMs === null ? null : Math.round(times.firstTokenMs * 10) / 10,
    durationMs: Math.round(times.durationMs),
    tokensPerSecond:
      writtenTokens > 1 && writeMs > 0 ? Math.round(((writtenTokens - 1) / writeMs) * 10_000) / 10 : null,
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...saidOf(said),
  };
}
