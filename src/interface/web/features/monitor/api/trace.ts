// GET /traces/{id}: one trace with its spans and scores.
import { useQuery } from '@tanstack/react-query';
import type { Trace } from '../../../../../contracts/span.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useTrace(id: string) {
  return useQuery({
    queryKey: queryKeys.trace(id),
    queryFn: ({ signal }) => api<Trace>(`/traces/${encodeURIComponent(id)}`, { signal }),
  });
}
