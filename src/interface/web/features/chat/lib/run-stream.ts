// Follows a run's event log to its end, over as many connections as it takes: no event is lost and none comes twice.
import type { LoggedEvent } from '../../../../../contracts/run.ts';
import { readSse } from '../../../lib/sse.ts';

export interface FollowOptions {
  runId: string;
  /** The last event that the caller has. */
  after: number;
  signal: AbortSignal;
  /** Called with events in order, as many as came at once. */
  onEvents(events: LoggedEvent[]): void;
  /** Told when the connection is lost and when events flow again. */
  onConnection?(state: 'open' | 'lost'): void;
  fetch?: typeof fetch;
  wait?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The server answered, and no second try would change its answer. */
export class RunStreamError extends Error {
  override readonly name = 'RunStreamError';
  readonly status: number;
  constructor(status: number) {
    super(`The events of this answer cannot be read (HTTP ${status}).`);
    this.status = status;
  }
}

const LONGEST_WAIT_MS = 5_000;

export function backoffMs(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt);
}

/**
 * Resolves after `run-finish`, or when `signal` aborts.
 * @throws RunStreamError when the server refuses (a run that does not exist)
 */
export async function followRun(options: FollowOptions): Promise<void> {
  const { runId, signal, onEvents, onConnection, wait = sleep } = options;
  const request = options.fetch ?? fetch;
  let after = options.after;
  let attempt = 0;
  while (!signal.aborted) {
    try {
      const response = await request(`/atelier/v1/runs/${encodeURIComponent(runId)}/events?after=${after}`, {
        signal,
        headers: { accept: 'text/event-stream' },
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429)
        throw new RunStreamError(response.status);
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      for await (const messages of readSse(response.body)) {
        if (signal.aborted) return;
        const fresh: LoggedEvent[] = [];
        for (const message of messages) {
          const logged = JSON.parse(message.data) as LoggedEvent;
          if (logged.seq <= after) continue;
          after = logged.seq;
          fresh.push(logged);
        }
        if (fresh.length === 0) continue;
        attempt = 0;
        onConnection?.('open');
        onEvents(fresh);
        if (fresh.some((logged) => logged.event.type === 'run-finish')) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RunStreamError) throw error;
    }
    if (signal.aborted) return;
    onConnection?.('lost');
    await wait(backoffMs(attempt), signal);
    attempt += 1;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
