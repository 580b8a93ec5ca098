// Runs of agents: the list, a new one, and a stop.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Run } from '../../../../../contracts/run.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

const LIMIT = 50;
/** How often a list with an open run is read again: no event tells of a run's end. */
const WATCH_MS = 3_000;

/** Of one agent by its name, or of all. */
export function useAgentRuns(agent: string | null) {
  return useQuery({
    queryKey: [...queryKeys.agents, 'runs', agent],
    queryFn: async ({ signal }) =>
      (await api<{ runs: Run[] }>('/agent-runs', { query: { agent, limit: LIMIT }, signal })).runs,
    refetchInterval: ({ state }) => (state.data?.some((run) => run.status === 'running') ? WATCH_MS : false),
  });
}

export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ agent, input }: { agent: string; input: string }) =>
      api<Run>(`/agents/${encodeURIComponent(agent)}/runs`, { method: 'POST', body: { input } }),
    onSettled: () => client.invalidateQueries({ queryKey: [...queryKeys.agents, 'runs'] }),
  });
}
