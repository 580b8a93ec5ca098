// The models of this machine with whether each can be trained, and why not.
import { useQuery } from '@tanstack/react-query';
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
}

export function useBases() {
  return useQuery({
    queryKey: [...learningKeys.trainings, 'bases'],
    queryFn: async ({ signal }) =>
      (await api<{ bases: TrainingBase[] }>('/training/bases', { signal })).bases,
  });
}
