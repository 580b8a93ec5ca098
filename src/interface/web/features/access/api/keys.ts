// API keys: create (its secret comes this once), revoke.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiKeyInput, createdApiKeySchema } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export type CreatedKey = (typeof createdApiKeySchema)['_output'];

function useKeyChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    // What is created holds a secret: it is for whoever asked and stays in no cache.
    gcTime: 0,
    onSuccess: () => {
      for (const queryKey of [queryKeys.keys, queryKeys.audit]) void client.invalidateQueries({ queryKey });
    },
  });
}

export function useCreateKey() {
  return useKeyChange((input: ApiKeyInput) => api<CreatedKey>('/keys', { method: 'POST', body: input }));
}

export function useRevokeKey() {
  return useKeyChange((id: string) => api<void>(`/keys/${encodeURIComponent(id)}`, { method: 'DELETE' }));
}
