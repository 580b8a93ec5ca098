// Spans as events of an open page. A page that has fallen behind is not told of what it need not know any more, or the
// spans of a long batch would pile up for it.
import type { ServerEvent } from '../contracts/system.ts';
import type { LatestQueue } from '../lib/latest-queue.ts';
import type { SpanNotice } from '../monitoring/ledger.ts';

/** Events that wait before spans are left out. */
const MOST_BEHIND = 1000;

export function createSpanEvents(
  queue: Pick<LatestQueue<ServerEvent>, 'put' | 'drop' | 'size'>,
  mostBehind = MOST_BEHIND,
): (notice: SpanNotice) => void {
  /** Spans under way whose beginning was left out. */
  const untold = new Set<string>();
  return ({ event, traceId, spanId, kind, userId }) => {
    const behind = queue.size >= mostBehind;
    const start = `span-started${spanId}`;
    if (event === 'started') {
      if (behind) untold.add(spanId);
      else queue.put(start, { type: 'span-started', traceId, spanId, kind, userId });
      return;
    }
    if (untold.delete(spanId)) return;
    if (behind && queue.drop(start)) return;
    queue.put(`span-ended${spanId}`, { type: 'span-ended', traceId, spanId, userId });
  };
}
