// What chat and the agents' door change of a run that is under way: its plan, and the answer to a question it asks.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Approval, ApprovalAnswer, PlanItem } from '../../../contracts/agent.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';

export function useAnswerApproval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, answer }: { id: string; answer: ApprovalAnswer }) =>
      api<Approval>(`/approvals/${encodeURIComponent(id)}`, { method: 'POST', body: answer }),
    onSuccess: (answered) =>
      client.setQueryData<Approval[]>([...queryKeys.approvals, 'open'], (open) =>
        open?.filter((one) => one.id !== answered.id),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.approvals }),
  });
}

export function useSetPlan(runId: string) {
  return useMutation({
    mutationFn: (items: PlanItem[]) =>
      api<void>(`/runs/${encodeURIComponent(runId)}/plan`, { method: 'PUT', body: { items } }),
  });
}
