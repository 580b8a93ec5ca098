// Where a model call stands, as events of its run: not more of them than a page can use.
import type { CallStatus } from '../contracts/model.ts';
import type { RunEvent } from '../contracts/run.ts';

const STATUS_EVERY_MS = 250;

/** A new state is told at once, progress within one a few times a second. */
export function throttledStatus(append: (event: RunEvent) => void, onRead: (total: number) => void) {
  let last: CallStatus | null = null;
  let lastAt = 0;
  return (status: CallStatus) => {
    if (status.status === 'reading') onRead(status.total);
    const at = performance.now();
    const same = JSON.stringify(status) === JSON.stringify(last);
    const soon = status.status === last?.status && at - lastAt < STATUS_EVERY_MS;
    if (same || (soon && status.status !== 'queued')) return;
    last = status;
    lastAt = at;
    append({ type: 'run-status', status });
  };
}
