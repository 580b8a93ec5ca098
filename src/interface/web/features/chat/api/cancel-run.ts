// Stops an answer: the engine stops too, and what was written stays.
import { useMutation } from '@tanstack/react-query';
import type { Run } from '../../../../../contracts/run.ts';
import { api } from '../../../lib/api.ts';

export function useCancelRun() {
  return useMutation({
    mutationFn: (runId: string) => api<Run>(`/runs/${runId}/cancel`, { method: 'POST' }),
  });
}
