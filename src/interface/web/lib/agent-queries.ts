// What chat, the agents' door and the rail read of agents, tools and approvals. Freshness: events.ts.
import { useQuery } from '@tanstack/react-query';
import type { Agent, Approval, ToolSetting } from '../../../contracts/agent.ts';
import type { ToolFault, ToolInfo, WorkspaceEntry } from '../../../contracts/tool.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';

export function useAgents() {
  return useQuery({
    queryKey: [...queryKeys.agents, 'list'],
    queryFn: async ({ signal }) => (await api<{ agents: Agent[] }>('/agents', { signal })).agents,
  });
}

/** A tool, and what the person has set for it. */
export type SetTool = ToolInfo & { setting: ToolSetting | null };

export interface ToolList {
  tools: SetTool[];
  faults: ToolFault[];
}

export function useTools(enabled = true) {
  return useQuery({
    queryKey: [...queryKeys.tools, 'list'],
    queryFn: ({ signal }) => api<ToolList>('/tools', { signal }),
    enabled,
  });
}

/** Everything that waits for a yes or a no. */
export function useOpenApprovals() {
  return useQuery({
    queryKey: [...queryKeys.approvals, 'open'],
    queryFn: async ({ signal }) =>
      (await api<{ approvals: Approval[] }>('/approvals', { query: { open: true }, signal })).approvals,
  });
}

/** Files that a run has written, folders left out. */
export function useRunFiles(runId: string | null, enabled: boolean) {
  return useQuery({
    queryKey: ['run-files', runId],
    queryFn: async ({ signal }) =>
      (await api<{ files: WorkspaceEntry[] }>(`/runs/${runId}/files`, { signal })).files.filter(
        (entry) => entry.kind === 'file',
      ),
    enabled: enabled && runId !== null,
  });
}

export function runFileAddress(runId: string, path: string): string {
  return `/atelier/v1/runs/${encodeURIComponent(runId)}/files/${path.split('/').map(encodeURIComponent).join('/')}`;
}
