// How many recorded answers fit: one page of the ledger tells up to its limit, and that there are more.
import { useQuery } from '@tanstack/react-query';
import type { TraceFilter, TraceSummary } from '../../../contracts/span.ts';
import { api } from './api.ts';

const MOST = 200;

export interface TraceCount {
  count: number;
  /** There are more than were counted. */
  more: boolean;
}

export async function countTraces(filter: Partial<TraceFilter>, signal: AbortSignal): Promise<TraceCount> {
  const { traces, nextCursor } = await api<{ traces: TraceSummary[]; nextCursor: string | null }>('/traces', {
    query: { ...filter, limit: MOST },
    signal,
  });
  return { count: traces.length, more: nextCursor !== null };
}

/** Good and bad together, since a moment; the figure where the learning loop begins. */
export function useRatedAnswers(since: number | null, enabled: boolean) {
  return useQuery({
    queryKey: ['traces', 'rated', since],
    enabled,
    queryFn: async ({ signal }): Promise<TraceCount> => {
      const from = since === null ? {} : { from: since };
      const [good, bad] = await Promise.all(
        [1, -1].map((rating) => countTraces({ ...from, rating }, signal)),
      );
      return {
        count: (good?.count ?? 0) + (bad?.count ?? 0),
        more: Boolean(good?.more || bad?.more),
      };
    },
  });
}
