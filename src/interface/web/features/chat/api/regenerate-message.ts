// Another answer to the same message, by the same or another model.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import { putSent, type Sent } from './sent.ts';

export function useRegenerate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ messageId, ...body }: { messageId: string; model?: string; readAnyway?: boolean }) =>
      api<Sent>(`/messages/${messageId}/regenerate`, { method: 'POST', body }),
    onSuccess: (sent) => putSent(client, sent),
  });
}
