// What a model would write next; asked for by hand, because it is a call of the model.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NextTokens } from '../../../../../contracts/playground.ts';
import type { PromptMessage } from '../../../../../contracts/prompt.ts';
import { api } from '../../../lib/api.ts';

export interface NextTokensQuestion {
  model: string;
  messages: readonly PromptMessage[];
  begun: string;
}

export function useNextTokens(question: NextTokensQuestion | null) {
  return useQuery({
    queryKey: ['next-tokens', question],
    queryFn: ({ signal }) =>
      api<NextTokens>('/playground/next-tokens', {
        method: 'POST',
        body: { ...question, top: 200 },
        signal,
      }),
    enabled: question !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** The question itself where its answer is still held, so that a view that was left shows it again. */
export function useKnownQuestion(question: NextTokensQuestion): NextTokensQuestion | null {
  const client = useQueryClient();
  return client.getQueryData(['next-tokens', question]) === undefined ? null : question;
}
