// How an answer ends that did not come to its own end: stopped, interrupted by the program's stop, or failed.
import type { RunFinish } from '../../agent/agents.ts';
import type { Receipt } from '../../contracts/conversation.ts';
import { isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import type { Usage } from '../../contracts/money.ts';
import type { Log } from '../../lib/log.ts';

export interface Ended {
  finish: RunFinish;
  /** That answered; null when none came to it. */
  model: ModelInfo | null;
}

export function endOfFailure(
  log: Log,
  runId: string | null,
  signal: AbortSignal,
  thrown: unknown,
  receipt: (reason: string, usage: Usage | null) => Receipt | null,
): RunFinish {
  if (signal.aborted) {
    const status = signal.reason === 'shutdown' ? 'interrupted' : 'stopped';
    const usage = isAtelierError(thrown) ? ((thrown.data.usage as Usage | null | undefined) ?? null) : null;
    return { type: 'run-finish', status, receipt: receipt(status, usage), error: null };
  }
  const error = toAtelierError(thrown);
  if (error.code === 'internal') log.error('an answer failed', { run: runId, message: error.message });
  return { type: 'run-finish', status: 'failed', receipt: receipt('error', null), error: error.toJSON() };
}
