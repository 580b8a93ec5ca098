// GET, POST /classifiers; GET, DELETE /classifiers/{name}; POST /classifiers/{name}/classify.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Decision } from '../../../../../contracts/app.ts';
import type { Classifier, classifierInputSchema } from '../../../../../contracts/classifier.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { api } from '../../../lib/api.ts';
import { withTask } from '../../../lib/events.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

const at = (name: string) => `/classifiers/${encodeURIComponent(name)}`;

export function useClassifier(name: string) {
  return useQuery({
    queryKey: [...learningKeys.classifiers, name],
    queryFn: ({ signal }) => api<Classifier>(at(name), { signal }),
  });
}

/** What may be left out is left out: the server has the defaults. */
export type ClassifierOrder = z.input<typeof classifierInputSchema>;

export function useTrainClassifier() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ClassifierOrder) => api<Task>('/classifiers', { method: 'POST', body }),
    onSuccess: (task) => {
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, task));
      void client.invalidateQueries({ queryKey: learningKeys.classifiers });
    },
  });
}

export function useRemoveClassifier() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api<void>(at(name), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: learningKeys.classifiers, exact: true }),
  });
}

export function useClassify(name: string) {
  return useMutation({
    mutationFn: async (text: string) =>
      (
        await api<{ decisions: Decision[] }>(`${at(name)}/classify`, {
          method: 'POST',
          body: { texts: [text] },
        })
      ).decisions[0],
  });
}
