// POST /collections/{id}/folder: a folder of the machine that Atelier runs on; again, it does only what changed.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task } from '../../../../../contracts/task.ts';
import { api } from '../../../lib/api.ts';
import { withTask } from '../../../lib/events.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useAddFolder(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (path: string) =>
      api<Task>(`/collections/${encodeURIComponent(collectionId)}/folder`, {
        method: 'POST',
        body: { path },
      }),
    onSuccess: (task) => {
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, task));
      void client.invalidateQueries({ queryKey: queryKeys.knowledge });
    },
  });
}
