// GET /usage: calls, tokens, money and latency, grouped.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UsageQuery, UsageReport } from '../../../../../contracts/usage.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useUsage(query: Pick<UsageQuery, 'from' | 'to' | 'by'>) {
  return useQuery({
    queryKey: [...queryKeys.usage, query],
    queryFn: ({ signal }) => api<UsageReport>('/usage', { query, signal }),
    placeholderData: keepPreviousData,
  });
}
