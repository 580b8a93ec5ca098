// Where one is signed in, and ending that from here.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useSessions() {
  return useQuery({
    queryKey: queryKeys.sessions,
    queryFn: async ({ signal }) => (await api<{ sessions: Session[] }>('/sessions', { signal })).sessions,
    staleTime: 0,
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>(`/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
}
