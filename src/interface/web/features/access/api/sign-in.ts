// POST /session: signs in; the session itself is a cookie that no script reads.
import { useMutation } from '@tanstack/react-query';
import type { SignIn } from '../../../../../contracts/access.ts';
import { api } from '../../../lib/api.ts';

export function useSignIn() {
  return useMutation({
    mutationFn: (input: SignIn) => api<unknown>('/session', { method: 'POST', body: input }),
  });
}
