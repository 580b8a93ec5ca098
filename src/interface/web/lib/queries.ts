// What more than one feature reads from the server. Keys: query-keys.ts; freshness: events.ts.
import { useQuery } from '@tanstack/react-query';
import type { CatalogueListing } from '../../../contracts/catalogue.ts';
import type { Conversation, Message } from '../../../contracts/conversation.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { Route } from '../../../contracts/routing.ts';
import type { Health, PersonalSettings, Settings } from '../../../contracts/system.ts';
import type { Task } from '../../../contracts/task.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';

export interface ModelList {
  models: ModelInfo[];
  aliases: Record<string, string>;
  default: string | null;
  /** The aliases with what happens when their model fails. */
  routes?: Route[];
}

export function useHealth() {
  return useQuery({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => api<Health>('/health', { base: '', signal }),
  });
}

export function useSettings() {
  return useQuery({
    queryKey: queryKeys.settings,
    queryFn: ({ signal }) => api<Settings>('/settings', { signal }),
  });
}

export function useOwnSettings() {
  return useQuery({
    queryKey: queryKeys.ownSettings,
    queryFn: ({ signal }) => api<PersonalSettings>('/me/settings', { signal }),
  });
}

export function useModels() {
  return useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => api<ModelList>('/models', { signal }),
  });
}

/** The model behind an id or alias. */
export function findModel(list: ModelList | undefined, idOrAlias: string | null): ModelInfo | undefined {
  if (!list) return undefined;
  const wanted = idOrAlias ?? 'default';
  const id = list.aliases[wanted] ?? (wanted === 'default' ? list.default : wanted);
  return list.models.find((model) => model.id === id);
}

/** The models that can be downloaded, with what this machine makes of each. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: async ({ signal }) =>
      (await api<{ listings: CatalogueListing[] }>('/catalogue', { signal })).listings,
  });
}

/** All tasks of late, newest first; kept true by events. */
export function useTasks() {
  return useQuery({
    queryKey: queryKeys.tasks,
    queryFn: async ({ signal }) =>
      (await api<{ tasks: Task[] }>('/tasks', { query: { limit: 50 }, signal })).tasks,
  });
}

export interface ConversationWithMessages {
  conversation: Conversation;
  messages: Message[];
}

export function useConversation(id: string | undefined) {
  return useQuery({
    queryKey: queryKeys.conversation(id ?? ''),
    queryFn: ({ signal }) => api<ConversationWithMessages>(`/conversations/${id}`, { signal }),
    enabled: id !== undefined,
  });
}
