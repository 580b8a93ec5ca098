// GET /datasets/{id}/examples: page after page, as the filter of the review asks.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Example } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import type { ExampleFilter } from '../lib/example-filter.ts';
import { at } from './dataset.ts';

export interface ExamplePage {
  examples: Example[];
  nextCursor: string | null;
}

const PAGE = 100;

/** Not below the dataset's own key: what was reviewed stays in its place until the list is opened anew. */
export const examplesKey = (datasetId: string) => ['examples', datasetId] as const;

export function useExamples(datasetId: string, filter: ExampleFilter) {
  return useInfiniteQuery({
    queryKey: [...examplesKey(datasetId), filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api<ExamplePage>(`${at(datasetId)}/examples`, {
        query: { ...filter, cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    select: (data) => data.pages.flatMap((page) => page.examples),
  });
}

/** The first of those with personal data: what a redaction is shown on before it is done. */
export function useFoundExamples(datasetId: string) {
  return useQuery({
    queryKey: ['found-examples', datasetId],
    queryFn: ({ signal }) =>
      api<ExamplePage>(`${at(datasetId)}/examples`, { query: { findings: true, limit: PAGE }, signal }),
    staleTime: 0,
  });
}
