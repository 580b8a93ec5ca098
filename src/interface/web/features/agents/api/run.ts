// GET /runs/{id}: when it began and how it stands.
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../../contracts/run.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useRunFacts(id: string) {
  return useQuery({
    queryKey: [...queryKeys.agents, 'run', id],
    queryFn: ({ signal }) => api<Run>(`/runs/${encodeURIComponent(id)}`, { signal }),
  });
}
