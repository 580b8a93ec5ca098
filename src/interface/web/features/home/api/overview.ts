// GET /overview: the live figures of the drawing.
import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../../../../contracts/system.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useOverview() {
  return useQuery({
    queryKey: queryKeys.overview,
    queryFn: ({ signal }) => api<Overview>('/overview', { signal }),
  });
}
