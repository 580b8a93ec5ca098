// Another answer to the same message, by the same or another model.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import { putSent, type Sent } from './sent.ts';

export function useRegenerate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ messageId, model }: { messageId: string; model?: string }) =>
      api<Sent>(`/messages/${messageId}/regenerate`, { method: 'POST', body: model ? { model } : {} }),
    onSuccess: (sent) => putSent(client, sent),
  });
}
