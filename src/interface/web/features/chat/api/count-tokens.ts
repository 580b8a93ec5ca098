// How many tokens a message would take with all that goes before it, and how many the model reads.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';

export interface CountInput {
  conversationId: string | null;
  parts: MessagePart[];
  parentId?: string | null;
  model?: string;
  system?: string;
  knowledge?: string[];
  agent?: string | null;
  tools?: string[];
}

export interface Count {
  tokens: number | null;
  contextLength: number | null;
  /** Of passages, beside `tokens`; at most. */
  passageTokens: number | null;
  /** What an agent's tools find comes on top. */
  by: 'model' | 'knowledge' | 'agent';
}

export function countTokens(body: CountInput, signal?: AbortSignal): Promise<Count> {
  return api<Count>('/count', { method: 'POST', body, ...(signal ? { signal } : {}) });
}

export function useTokenCount(input: CountInput, enabled: boolean) {
  return useQuery({
    queryKey: ['count', input],
    queryFn: ({ signal }) => countTokens(input, signal),
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
}
