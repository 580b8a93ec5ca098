// What a training made: more files of it, and its end.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task } from '../../../../../contracts/task.ts';
import type { TunedFile } from '../../../../../contracts/tuned-model.ts';
import { api } from '../../../lib/api.ts';
import { withTask } from '../../../lib/events.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

const at = (id: string) => `/tuned-models/${encodeURIComponent(id)}`;

export function useMakeFile(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Pick<TunedFile, 'form' | 'quantisation'>) =>
      api<Task>(`${at(id)}/files`, { method: 'POST', body }),
    onSuccess: (task) => client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => withTask(tasks ?? [], task)),
  });
}

export function useRemoveTunedModel(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(at(id), { method: 'DELETE' }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: learningKeys.tunedModels });
      await client.invalidateQueries({ queryKey: queryKeys.models });
    },
  });
}
