// Who is here and which keys there are: what settings change, and what figures and traces name.
import { useQuery } from '@tanstack/react-query';
import type { ApiKey, User } from '../../../contracts/access.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';
import { useRights } from './session.ts';

/** Empty for whoever may not know, and without accounts. */
export function useUsers() {
  const { accounts, may } = useRights();
  return useQuery({
    queryKey: queryKeys.users,
    queryFn: async ({ signal }) => (await api<{ users: User[] }>('/users', { signal })).users,
    enabled: accounts && may('peopleNames'),
  });
}

export function useKeys() {
  return useQuery({
    queryKey: queryKeys.keys,
    queryFn: async ({ signal }) => (await api<{ keys: ApiKey[] }>('/keys', { signal })).keys,
  });
}

/** Names by id; what is not known keeps its id. */
export function useAccessNames(): { person(id: string): string; key(id: string): string } {
  const users = useUsers().data;
  const keys = useKeys().data;
  return {
    person: (id) => users?.find((user) => user.id === id)?.name ?? id,
    key: (id) => keys?.find((key) => key.id === id)?.name ?? id,
  };
}
