// What more than one feature changes on the server.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PullInput } from '../../../contracts/catalogue.ts';
import type { PersonalSettings, Settings } from '../../../contracts/system.ts';
import type { Task } from '../../../contracts/task.ts';
import { api } from './api.ts';
import { withTask } from './events.ts';
import type { ModelList } from './queries.ts';
import { queryKeys } from './query-keys.ts';

/** Shows the change at once and takes it back when the server refuses. */
function useSave<T extends object>(path: string, queryKey: readonly string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<T>) => api<T>(path, { method: 'PATCH', body: change }),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey, exact: true });
      const before = client.getQueryData<T>(queryKey);
      if (before) client.setQueryData<T>(queryKey, { ...before, ...change });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) client.setQueryData<T>(queryKey, context.before);
    },
    onSuccess: (settings) => {
      client.setQueryData<T>(queryKey, settings);
    },
  });
}

/** The program's. */
export const useSaveSettings = () => useSave<Settings>('/settings', queryKeys.settings);

/** Theme and language of whoever is here. */
export const useSaveOwnSettings = () => useSave<PersonalSettings>('/me/settings', queryKeys.ownSettings);

export function useTaskAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'pause' | 'resume' | 'cancel' }) =>
      api<Task>(`/tasks/${encodeURIComponent(id)}/${action}`, { method: 'POST' }),
    onSuccess: (task) =>
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, task)),
  });
}

/** Fetches a model, or takes a file that is already there. */
export function usePull() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: PullInput) => api<Task>('/models/pull', { method: 'POST', body: input }),
    onSuccess: (task) => {
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => withTask(tasks ?? [], task));
      for (const queryKey of [queryKeys.catalogue, queryKeys.models, queryKeys.health])
        void client.invalidateQueries({ queryKey });
    },
  });
}

export function useSetAlias() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ alias, model }: { alias: string; model: string | null }) =>
      model === null
        ? api<Pick<ModelList, 'aliases'>>(`/aliases/${encodeURIComponent(alias)}`, { method: 'DELETE' })
        : api<Pick<ModelList, 'aliases'>>(`/aliases/${encodeURIComponent(alias)}`, {
            method: 'PUT',
            body: { model },
          }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.models }),
  });
}
