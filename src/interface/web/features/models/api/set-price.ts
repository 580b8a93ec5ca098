// PUT /prices: what a model costs from now on.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Price } from '../../../../../contracts/money.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useSetPrice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { model: string; price: Price }) =>
      api<void>('/prices', { method: 'PUT', body: input }),
    onSuccess: () => {
      for (const queryKey of [queryKeys.providers, queryKeys.models])
        void client.invalidateQueries({ queryKey });
    },
  });
}
