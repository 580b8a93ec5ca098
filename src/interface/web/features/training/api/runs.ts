// One training: read while it goes on, started, paused, resumed, cancelled, deleted.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TrainingInput, TrainingRun } from '../../../../../contracts/training.ts';
import { api } from '../../../lib/api.ts';
import { isLive, LIVE_MS, learningKeys } from '../../../lib/learning.ts';

const at = (id: string) => `/training/${encodeURIComponent(id)}`;

export function useTraining(id: string | undefined) {
  return useQuery({
    queryKey: learningKeys.training(id ?? ''),
    queryFn: ({ signal }) => api<TrainingRun>(at(id ?? ''), { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? LIVE_MS : false),
  });
}

export function useStartTraining() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TrainingInput) => api<TrainingRun>('/training', { method: 'POST', body }),
    onSuccess: (run) => {
      client.setQueryData(learningKeys.training(run.id), run);
      void client.invalidateQueries({ queryKey: learningKeys.trainingList });
    },
  });
}

export function useTrainingAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: 'pause' | 'resume' | 'cancel') =>
      api<TrainingRun>(`${at(id)}/${action}`, { method: 'POST' }),
    onSuccess: (run) => {
      client.setQueryData(learningKeys.training(id), run);
      void client.invalidateQueries({ queryKey: learningKeys.trainingList });
    },
  });
}

export function useRemoveTraining(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(at(id), { method: 'DELETE' }),
    onSuccess: () => {
      client.removeQueries({ queryKey: learningKeys.training(id) });
      return client.invalidateQueries({ queryKey: learningKeys.trainingList });
    },
  });
}
