// Budgets with what they have spent, and limits a minute.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Budget, BudgetInput, RateLimit, Subject } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useBudgets() {
  return useQuery({
    queryKey: queryKeys.budgets,
    queryFn: async ({ signal }) => (await api<{ budgets: Budget[] }>('/budgets', { signal })).budgets,
  });
}

export function useLimits() {
  return useQuery({
    queryKey: queryKeys.limits,
    queryFn: async ({ signal }) => (await api<{ limits: RateLimit[] }>('/limits', { signal })).limits,
  });
}

function useSpendingChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const queryKey of [queryKeys.budgets, queryKeys.limits, queryKeys.audit])
        void client.invalidateQueries({ queryKey });
    },
  });
}

/** Adds a budget, or changes the one whose id is given. */
export function useSaveBudget() {
  return useSpendingChange(({ id, input }: { id: string | null; input: BudgetInput }) =>
    id === null
      ? api<Budget>('/budgets', { method: 'POST', body: input })
      : api<Budget>(`/budgets/${encodeURIComponent(id)}`, {
          method: 'PATCH',
          body: { amount: input.amount, action: input.action },
        }),
  );
}

export function useRemoveBudget() {
  return useSpendingChange((id: string) =>
    api<void>(`/budgets/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );
}

export function useSetLimit() {
  return useSpendingChange((limit: RateLimit) => api<unknown>('/limits', { method: 'PUT', body: limit }));
}

export function useRemoveLimit() {
  return useSpendingChange(({ kind, id }: Subject) =>
    // Everyone has no id, and an address no empty part.
    api<void>(`/limits/${kind}/${encodeURIComponent(id === '' ? '-' : id)}`, { method: 'DELETE' }),
  );
}
