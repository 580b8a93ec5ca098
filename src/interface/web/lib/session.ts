// Who is signed in, and what the page offers to whom. The server decides; here only what it would refuse is left out.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { SessionInfo, User } from '../../../contracts/access.ts';
import type { Role } from '../../../contracts/identity.ts';
import { api } from './api.ts';
import { queryKeys } from './query-keys.ts';

const sessionQuery = {
  queryKey: queryKeys.session,
  queryFn: ({ signal }: { signal: AbortSignal }) => api<SessionInfo>('/session', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
};

export const useSession = () => useQuery(sessionQuery);

/** Asked before the first paint, so that nothing is drawn for somebody who must sign in first. */
export async function readSession(client: QueryClient): Promise<void> {
  await client.prefetchQuery(sessionQuery);
}

/** Roles by what they may do; a total table, so that a right that is added asks for its row. */
const rights = {
  people: ['admin'],
  peopleNames: ['admin', 'auditor'],
  /** Read all spending, give budgets and limits. */
  budgets: ['admin'],
  keys: ['admin', 'builder', 'member'],
  keysOfOthers: ['admin'],
  audit: ['admin', 'auditor'],
  usageOfAll: ['admin', 'auditor'],
  /** Make and change agents, see the servers of tools. */
  agents: ['admin', 'builder'],
  /** Switch tools and their servers, for everybody. */
  tools: ['admin'],
  models: ['admin', 'builder'],
  /** Change prompts; everybody reads and uses them. */
  prompts: ['admin', 'builder'],
  /** Datasets, trainings, evaluations, classifiers. */
  learning: ['admin', 'builder'],
  /** Providers as they are; adding, changing, aliases and prices are an admin's. */
  providersSeen: ['admin', 'builder'],
  providers: ['admin'],
  settings: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof rights;

export interface Rights {
  accounts: boolean;
  user: User | null;
  may(right: Right): boolean;
}

/** Without accounts whoever is at this machine may do everything. */
export function useRights(): Rights {
  const { data } = useSession();
  const role = data?.accounts ? (data.user?.role ?? null) : 'admin';
  return {
    accounts: data?.accounts ?? false,
    user: data?.user ?? null,
    may: (right) => role !== null && (rights[right] as readonly Role[]).includes(role),
  };
}

/** The page begins anew: nothing of one person stays for the next. */
export async function signOut(): Promise<void> {
  await api<void>('/session', { method: 'DELETE' });
  location.assign('/');
}
