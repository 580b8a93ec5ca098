// The examples of an evaluation with what was answered to each, a page at a time.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { EvaluationResult } from '../../../../../contracts/evaluation.ts';
import { api } from '../../../lib/api.ts';
import type { Outcome } from '../search.ts';

interface ResultPage {
  results: EvaluationResult[];
  nextCursor: string | null;
}

const PAGE = 20;

/** `done`: how many answers there are by now; more of them make what was read out of date. */
export function useResults(
  id: string,
  filter: { subject: number; only?: Outcome | undefined },
  done: number,
) {
  return useInfiniteQuery({
    queryKey: ['evaluation-results', id, filter, done],
    queryFn: ({ pageParam, signal }) =>
      api<ResultPage>(`/evaluations/${encodeURIComponent(id)}/results`, {
        query: { ...filter, cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}
