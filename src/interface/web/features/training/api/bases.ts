// The models of this machine with whether each can be trained, and why not; and the room of what is kept of them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';

/** What the page shows of a base. */
export interface TrainingBase {
  model: string;
  displayName: string;
  parameters: number;
  quantisation: string;
  /** Why it cannot be trained; null: it can. */
  reason: string | null;
  /** Of the f32 weights that training reads. */
  weightBytes: number;
  /** What they take on the disk now; 0: they are made at need. */
  keptBytes: number;
}

const basesKey = [...learningKeys.trainings, 'bases'];

export function useBases() {
  return useQuery({
    queryKey: basesKey,
    queryFn: async ({ signal }) =>
      (await api<{ bases: TrainingBase[] }>('/training/bases', { signal })).bases,
  });
}

export function useFreeBase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (model: string) =>
      api<{ freedBytes: number }>('/training/bases', { method: 'DELETE', query: { model } }),
    onSettled: () => client.invalidateQueries({ queryKey: basesKey }),
  });
}
