// PATCH, PUT, DELETE /datasets/{id}/examples and POST /datasets/{id}/redact. What is shown changes in its place; nothing
// leaves the list under the reader's hand, only the counts are read again.
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Example, ExampleBody, Split } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';
import type { ExampleFilter } from '../lib/example-filter.ts';
import { at } from './dataset.ts';
import { type ExamplePage, examplesKey } from './list-examples.ts';

export interface ExampleChange {
  status?: Example['status'];
  split?: Split;
}

type Pages = InfiniteData<ExamplePage>;

/** Puts changed examples into every list that is kept. `null` takes one out. */
export function useShowExamples(datasetId: string) {
  const client = useQueryClient();
  return (change: (example: Example) => Example | null) => {
    client.setQueriesData<Pages>(
      { queryKey: examplesKey(datasetId) },
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            examples: page.examples.map(change).filter((one) => one !== null),
          })),
        },
    );
  };
}

function useCountsAgain(datasetId: string) {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [learningKeys.dataset(datasetId), learningKeys.datasetList])
      void client.invalidateQueries({ queryKey });
  };
}

/** Everything of the examples is read anew: after an import, a change of a whole filter, a redaction of all. */
export function useExamplesAgain(datasetId: string) {
  const client = useQueryClient();
  const counts = useCountsAgain(datasetId);
  return () => {
    counts();
    for (const queryKey of [examplesKey(datasetId), ['found-examples', datasetId]])
      void client.invalidateQueries({ queryKey });
  };
}

/** Of single examples, at once; taken back when the server refuses. */
export function useChangeExamples(datasetId: string) {
  const show = useShowExamples(datasetId);
  const counts = useCountsAgain(datasetId);
  const again = useExamplesAgain(datasetId);
  return useMutation({
    mutationFn: ({ ids, change }: { ids: readonly string[]; change: ExampleChange }) =>
      api<{ changed: number }>(`${at(datasetId)}/examples`, { method: 'PATCH', body: { ids, ...change } }),
    onMutate: ({ ids, change }) => {
      const wanted = new Set(ids);
      show((one) => (wanted.has(one.id) ? { ...one, ...change } : one));
    },
    onError: again,
    onSettled: counts,
  });
}

/** Of all that a filter names. */
export function useChangeFiltered(datasetId: string) {
  const again = useExamplesAgain(datasetId);
  return useMutation({
    mutationFn: ({ filter, change }: { filter: ExampleFilter; change: ExampleChange }) =>
      api<{ changed: number }>(`${at(datasetId)}/examples`, { method: 'PATCH', body: { filter, ...change } }),
    onSettled: again,
  });
}

export function useReplaceExample(datasetId: string) {
  const show = useShowExamples(datasetId);
  const counts = useCountsAgain(datasetId);
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: ExampleBody }) =>
      api<Example>(`${at(datasetId)}/examples/${encodeURIComponent(id)}`, { method: 'PUT', body: { body } }),
    onSuccess: (example, { id }) => {
      show((one) => (one.id === id ? example : one));
      counts();
    },
  });
}

export function useRedact(datasetId: string) {
  const again = useExamplesAgain(datasetId);
  return useMutation({
    mutationFn: (which: { ids?: readonly string[]; types?: readonly string[] }) =>
      api<{ changed: number }>(`${at(datasetId)}/redact`, { method: 'POST', body: which }),
    onSuccess: again,
  });
}

/** For good; the page waits with it while it can be undone. */
export async function deleteExample(datasetId: string, id: string): Promise<void> {
  await api<void>(`${at(datasetId)}/examples/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    keepalive: true,
  });
}
