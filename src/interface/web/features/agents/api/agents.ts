// The agents: create, change, remove.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Agent, AgentInput } from '../../../../../contracts/agent.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

function useAgentChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.agents }),
  });
}

/** Makes an agent, or changes the one whose id is given. */
export function useSaveAgent() {
  return useAgentChange(({ id, input }: { id: string | null; input: AgentInput }) =>
    id === null
      ? api<Agent>('/agents', { method: 'POST', body: input })
      : api<Agent>(`/agents/${encodeURIComponent(id)}`, { method: 'PATCH', body: input }),
  );
}

/** Brings back one that was just removed, under its id. */
export function useRestoreAgent() {
  return useAgentChange(({ id, input }: { id: string; input: AgentInput }) =>
    api<Agent>('/agents', { method: 'POST', body: { ...input, restores: id } }),
  );
}

export function useRemoveAgent() {
  return useAgentChange((id: string) => api<void>(`/agents/${encodeURIComponent(id)}`, { method: 'DELETE' }));
}
