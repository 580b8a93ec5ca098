import { describe, expect, test } from 'vitest';
import type { LoggedEvent, RunEvent } from '../../../../../contracts/run.ts';
import { emptyRun, foldEvent, isOver, partsOf, type RunState } from './run-state.ts';

function log(...events: RunEvent[]): LoggedEvent[] {
  return events.map((event, index) => ({ seq: index + 1, at: 1_000 + index, event }));
}

function fold(events: LoggedEvent[], from: RunState = emptyRun): RunState {
  return events.reduce(foldEvent, from);
}

const answer = log(
  { type: 'run-start', messageId: 'm', model: 'local/a', place: { kind: 'local', host: null } },
  { type: 'run-status', status: { status: 'queued', place: 2 } },
  { type: 'run-status', status: { status: 'reading', done: 10, total: 40 } },
  { type: 'reasoning-start', id: '0' },
  { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
  { type: 'reasoning-end', id: '0' },
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Bon' },
  { type: 'text-delta', id: '0', delta: 'jour' },
  { type: 'text-end', id: '0' },
  { type: 'run-finish', status: 'complete', receipt: null, error: null },
);

describe('the fold of a run', () => {
  test('text and reasoning with the same id stay apart and in order', () => {
    const state = fold(answer);
    expect(partsOf(state)).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Bonjour' },
    ]);
    expect(state.status).toBe('complete');
    expect(isOver(state)).toBe(true);
  });

  test('events that come twice after a reconnection change nothing', () => {
    const half = fold(answer.slice(0, 8));
    const again = fold(answer, half);
    expect(partsOf(again)).toEqual(partsOf(fold(answer)));
    expect(foldEvent(half, answer[3]!)).toBe(half);
  });

  test('the status is the last one told, and gone at the end', () => {
    expect(fold(answer.slice(0, 3)).call).toEqual({ status: 'reading', done: 10, total: 40 });
    expect(fold(answer).call).toBeNull();
  });

  test('a delta without a start is kept', () => {
    expect(partsOf(fold(log({ type: 'text-delta', id: '7', delta: 'x' })))).toEqual([
      { type: 'text', text: 'x' },
    ]);
  });

  test('an error stands beside the text that came before it', () => {
    const error = { code: 'model_failed', message: 'died', data: {}, retryable: true };
    const state = fold(
      log(
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'half' },
        { type: 'run-finish', status: 'failed', receipt: null, error },
      ),
    );
    expect(state.error).toEqual(error);
    expect(partsOf(state)).toEqual([{ type: 'text', text: 'half' }]);
    expect(state.blocks[0]).toMatchObject({ endedAt: 1_002 });
  });
});
