// Batches of an app: the list, and a new one out of a CSV file.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppBatch } from '../../../../../contracts/app.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { api } from '../../../lib/api.ts';
import { withTask } from '../../../lib/events.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

const path = (app: string) => `/apps/${encodeURIComponent(app)}/batches`;
/** How often a list with open work is read again: events tell of tasks, not of rows. */
const WATCH_MS = 1_500;

/** `open`: rows are being worked on just now. */
export function useBatches(app: string, open: boolean) {
  return useQuery({
    queryKey: [...queryKeys.apps, 'batches', app],
    queryFn: async ({ signal }) => (await api<{ batches: AppBatch[] }>(path(app), { signal })).batches,
    refetchInterval: open ? WATCH_MS : false,
  });
}

export interface BatchStart {
  app: string;
  file: File;
  columns: AppBatch['columns'];
  fixed: AppBatch['fixed'];
  model: string;
}

export function useStartBatch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ app, file, columns, fixed, model }: BatchStart) => {
      const form = new FormData();
      form.set('columns', JSON.stringify(columns));
      form.set('fixed', JSON.stringify(fixed));
      form.set('model', model);
      form.set('file', file);
      return api<{ batch: AppBatch; task: Task }>(path(app), { method: 'POST', body: form });
    },
    onSuccess: ({ task }, { app }) => {
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => withTask(tasks ?? [], task));
      void client.invalidateQueries({ queryKey: [...queryKeys.apps, 'batches', app] });
    },
  });
}

export const batchAddress = (id: string): string => `/atelier/v1/batches/${encodeURIComponent(id)}/csv`;
