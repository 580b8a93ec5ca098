// The MCP servers: list, add or change, remove, connect again.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { McpServer, McpServerStatus } from '../../../../../contracts/mcp.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface McpRow {
  /** Values of its secrets come empty. */
  server: McpServer;
  status: McpServerStatus;
}

const path = (id: string) => `/mcp-servers/${encodeURIComponent(id)}`;

export function useMcpServers() {
  return useQuery({
    queryKey: [...queryKeys.tools, 'servers'],
    queryFn: async ({ signal }) => (await api<{ servers: McpRow[] }>('/mcp-servers', { signal })).servers,
  });
}

function useServerChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.tools }),
  });
}

export function useSaveServer() {
  return useServerChange((server: McpServer) =>
    api<McpRow>(path(server.id), { method: 'PUT', body: server }),
  );
}

export function useRemoveServer() {
  return useServerChange((id: string) => api<void>(path(id), { method: 'DELETE' }));
}

export function useRetryServer() {
  return useServerChange((id: string) => api<McpServerStatus>(`${path(id)}/retry`, { method: 'POST' }));
}
