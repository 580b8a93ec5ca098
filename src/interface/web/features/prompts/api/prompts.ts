// What the prompts' pages read from the server, and what they change there.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Prompt, PromptBody, PromptInput, PromptVersion } from '../../../../../contracts/prompt.ts';
import { api } from '../../../lib/api.ts';

const keys = {
  all: ['prompts'],
  list: ['prompts', 'list'],
  one: (name: string) => ['prompts', 'one', name],
  versions: (id: string) => ['prompts', 'versions', id],
};
const at = (name: string) => `/prompts/${encodeURIComponent(name)}`;

export function usePrompts() {
  return useQuery({
    queryKey: keys.list,
    queryFn: async ({ signal }) => (await api<{ prompts: Prompt[] }>('/prompts', { signal })).prompts,
  });
}

export function usePrompt(name: string) {
  return useQuery({
    queryKey: keys.one(name),
    queryFn: ({ signal }) => api<Prompt>(at(name), { signal }),
  });
}

export function useVersions(id: string) {
  return useQuery({
    queryKey: keys.versions(id),
    queryFn: async ({ signal }) =>
      (await api<{ versions: PromptVersion[] }>(`${at(id)}/versions`, { signal })).versions,
  });
}

/** Every change answers with the prompt as it is then, and everything shown of it is read again. */
function useChange<T>(change: (input: T) => Promise<Prompt | undefined>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (prompt) => {
      if (prompt) client.setQueryData(keys.one(prompt.name), prompt);
      return client.invalidateQueries({ queryKey: keys.all });
    },
  });
}

export const useCreatePrompt = () =>
  useChange((body: PromptInput) => api<Prompt>('/prompts', { method: 'POST', body }));

export const useUpdatePrompt = (id: string) =>
  useChange((body: { name?: string; description?: string }) =>
    api<Prompt>(at(id), { method: 'PATCH', body }),
  );

export const useAddVersion = (id: string) =>
  useChange((body: { body: PromptBody; note: string }) =>
    api<Prompt>(`${at(id)}/versions`, { method: 'POST', body }),
  );

export const useSetLabel = (id: string) =>
  useChange(({ label, version }: { label: string; version: number | null }) =>
    version === null
      ? api<undefined>(`${at(id)}/labels/${encodeURIComponent(label)}`, { method: 'DELETE' })
      : api<Prompt>(`${at(id)}/labels/${encodeURIComponent(label)}`, { method: 'PUT', body: { version } }),
  );

export function useRemovePrompt() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Prompt>(at(id), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.list }),
  });
}

export const useRestorePrompt = () =>
  useChange((id: string) => api<Prompt>(`${at(id)}/restore`, { method: 'POST' }));
