// What an alias is switched to: the gate asked, the switch, its share, the way back.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GateVerdict } from '../../../../../contracts/evaluation.ts';
import type { Promotion, PromotionInput } from '../../../../../contracts/tuned-model.ts';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** What the gate says now; nothing changes by asking. The share of a canary plays no part in it. */
export function useGateCheck(input: PromotionInput | null) {
  return useQuery({
    queryKey: [...learningKeys.promotions, 'check', input],
    queryFn: ({ signal }) => api<GateVerdict>('/promotions/check', { method: 'POST', body: input, signal }),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

function useChange<T = void>(change: (input: T) => Promise<Promotion>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: learningKeys.promotions });
      await client.invalidateQueries({ queryKey: queryKeys.models });
    },
  });
}

export const usePromote = () =>
  useChange((body: PromotionInput) => api<Promotion>('/promotions', { method: 'POST', body }));

export const useSetShare = (id: string) =>
  useChange((share: number) =>
    api<Promotion>(`/promotions/${encodeURIComponent(id)}/share`, { method: 'POST', body: { share } }),
  );

export const useRollBack = (id: string) =>
  useChange(() => api<Promotion>(`/promotions/${encodeURIComponent(id)}/roll-back`, { method: 'POST' }));
