// GET /traces: newest first, page by page.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { TraceFilter, TraceSummary } from '../../../../../contracts/span.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

interface Page {
  traces: TraceSummary[];
  nextCursor: string | null;
}

export function useTraces(filter: Partial<TraceFilter>) {
  return useInfiniteQuery({
    queryKey: queryKeys.traceList(filter),
    queryFn: ({ pageParam, signal }) =>
      api<Page>('/traces', { query: { ...filter, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
