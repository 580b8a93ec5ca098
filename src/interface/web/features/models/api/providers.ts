// The providers: list, their kinds, add, change, remove, test.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  Provider,
  ProviderInput,
  ProviderKindInfo,
  ProviderTest,
} from '../../../../../contracts/provider.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** What each kind needs; it changes with the program alone. */
export function useProviderKinds() {
  return useQuery({
    queryKey: queryKeys.providerKinds,
    queryFn: async ({ signal }) =>
      (await api<{ kinds: ProviderKindInfo[] }>('/providers/kinds', { signal })).kinds,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useProviders(enabled = true) {
  return useQuery({
    queryKey: queryKeys.providers,
    queryFn: async ({ signal }) => (await api<{ providers: Provider[] }>('/providers', { signal })).providers,
    enabled,
  });
}

function useProviderChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      for (const queryKey of [queryKeys.providers, queryKeys.models, queryKeys.health, queryKeys.discovery])
        void client.invalidateQueries({ queryKey });
    },
  });
}

/** Adds a provider, or changes the one whose id is given. */
export function useSaveProvider() {
  return useProviderChange(({ id, input }: { id: string | null; input: ProviderInput }) =>
    id === null
      ? api<Provider>('/providers', { method: 'POST', body: input })
      : api<Provider>(`/providers/${encodeURIComponent(id)}`, { method: 'PATCH', body: input }),
  );
}

export function useRemoveProvider() {
  return useProviderChange((id: string) =>
    api<void>(`/providers/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );
}

/** Asks a stored provider for its models. */
export function useTestProvider() {
  return useProviderChange((id: string) =>
    api<ProviderTest>(`/providers/${encodeURIComponent(id)}/test`, { method: 'POST' }),
  );
}

/** The same for what stands in the form; nothing is stored. */
export function useTryProvider() {
  return useMutation({
    mutationFn: (input: ProviderInput) =>
      api<ProviderTest>('/providers/test', { method: 'POST', body: input }),
  });
}
