// PUT /tools/{name}: switches a tool on or off, and says when it asks. Shown at once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ToolSetting } from '../../../../../contracts/agent.ts';
import type { ToolList } from '../../../lib/agent-queries.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface ToolChange {
  name: string;
  enabled?: boolean;
  /** null: the tool's own rule. */
  approval?: string | null;
}

export function useSetTool() {
  const client = useQueryClient();
  const key = [...queryKeys.tools, 'list'];
  return useMutation({
    mutationFn: ({ name, ...change }: ToolChange) =>
      api<ToolSetting>(`/tools/${encodeURIComponent(name)}`, { method: 'PUT', body: change }),
    onMutate: ({ name, ...change }) => {
      const before = client.getQueryData<ToolList>(key);
      if (before)
        client.setQueryData<ToolList>(key, {
          ...before,
          tools: before.tools.map((tool) =>
            tool.name === name
              ? {
                  ...tool,
                  enabled: change.enabled ?? tool.enabled,
                  setting: {
                    name,
                    enabled: change.enabled ?? tool.enabled,
                    approval:
                      change.approval === undefined ? (tool.setting?.approval ?? null) : change.approval,
                  },
                }
              : tool,
          ),
        });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) client.setQueryData(key, context.before);
    },
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.tools }),
  });
}
