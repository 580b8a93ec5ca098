// What the prompts' pages read from the server, and what they change there.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Prompt, PromptBody, PromptInput, PromptVersion } from '../../../../../contracts/prompt.ts';
import { api } from '../../../lib/api.ts';
import { promptKeys } from '../../../lib/prompts.ts';

const at = (name: string) => `/prompts/${encodeURIComponent(name)}`;

export function usePrompt(name: string) {
  return useQuery({
    queryKey: promptKeys.one(name),
    queryFn: ({ signal }) => api<Prompt>(at(name), { signal }),
  });
}

export function useVersions(id: string) {
  return useQuery({
    queryKey: promptKeys.versions(id),
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
      if (prompt) client.setQueryData(promptKeys.one(prompt.name), prompt);
      return client.invalidateQueries({ queryKey: promptKeys.all });
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
    onSuccess: () => client.invalidateQueries({ queryKey: promptKeys.list }),
  });
}

export const useRestorePrompt = () =>
  useChange((id: string) => api<Prompt>(`${at(id)}/restore`, { method: 'POST' }));
