// One evaluation: read while it goes on, started, paused, resumed, cancelled, deleted.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Evaluation, EvaluationInput } from '../../../../../contracts/evaluation.ts';
import { api } from '../../../lib/api.ts';
import { isLive, LIVE_MS, learningKeys } from '../../../lib/learning.ts';

const at = (id: string) => `/evaluations/${encodeURIComponent(id)}`;

export function useEvaluation(id: string) {
  return useQuery({
    queryKey: learningKeys.evaluation(id),
    queryFn: ({ signal }) => api<Evaluation>(at(id), { signal }),
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? LIVE_MS : false),
  });
}

export function useStartEvaluation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EvaluationInput) => api<Evaluation>('/evaluations', { method: 'POST', body }),
    onSuccess: (evaluation) => {
      client.setQueryData(learningKeys.evaluation(evaluation.id), evaluation);
      void client.invalidateQueries({ queryKey: learningKeys.evaluationList });
    },
  });
}

export function useEvaluationAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: 'pause' | 'resume' | 'cancel') =>
      api<Evaluation>(`${at(id)}/${action}`, { method: 'POST' }),
    onSuccess: (evaluation) => {
      client.setQueryData(learningKeys.evaluation(id), evaluation);
      void client.invalidateQueries({ queryKey: learningKeys.evaluationList });
    },
  });
}

export function useRemoveEvaluation(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(at(id), { method: 'DELETE' }),
    onSuccess: () => {
      client.removeQueries({ queryKey: learningKeys.evaluation(id) });
      return client.invalidateQueries({ queryKey: learningKeys.evaluationList });
    },
  });
}
