// The prompts of the house, as their own pages and the composer read them.
import { useQuery } from '@tanstack/react-query';
import type { Prompt } from '../../../contracts/prompt.ts';
import { api } from './api.ts';

export const promptKeys = {
  all: ['prompts'],
  list: ['prompts', 'list'],
  one: (name: string) => ['prompts', 'one', name],
  versions: (id: string) => ['prompts', 'versions', id],
} as const;

export function usePrompts() {
  return useQuery({
    queryKey: promptKeys.list,
    queryFn: async ({ signal }) => (await api<{ prompts: Prompt[] }>('/prompts', { signal })).prompts,
  });
}

export function matchesPrompt({ name, description, labels }: Prompt, wanted: string): boolean {
  return [name, description, ...Object.keys(labels)].some((text) => text.toLowerCase().includes(wanted));
}
