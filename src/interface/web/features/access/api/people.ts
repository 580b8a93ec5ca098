// The people of this Atelier: add, change; and the step that turns accounts on.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Claim, PasswordChange, User, UserChange, UserInput } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

function usePeopleChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const queryKey of [queryKeys.users, queryKeys.keys, queryKeys.audit])
        void client.invalidateQueries({ queryKey });
    },
  });
}

export function useAddUser() {
  return usePeopleChange((input: UserInput) => api<User>('/users', { method: 'POST', body: input }));
}

export function useChangeUser() {
  return usePeopleChange(({ id, change }: { id: string; change: UserChange }) =>
    api<User>(`/users/${encodeURIComponent(id)}`, { method: 'PATCH', body: change }),
  );
}

export function useTurnAccountsOn() {
  return useMutation({
    mutationFn: (claim: Claim) => api<unknown>('/accounts', { method: 'POST', body: claim }),
  });
}

/** One's own; one's other sessions end. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (input: PasswordChange) => api<void>('/password', { method: 'PUT', body: input }),
  });
}
