// GET /audit: who changed what, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

const PAGE = 50;

export function useAudit() {
  return useInfiniteQuery({
    queryKey: queryKeys.audit,
    queryFn: async ({ pageParam, signal }) =>
      (
        await api<{ entries: AuditEntry[] }>('/audit', {
          query: { limit: PAGE, before: pageParam },
          signal,
        })
      ).entries,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length < PAGE ? null : (page.at(-1)?.id ?? null)),
    staleTime: 0,
  });
}
