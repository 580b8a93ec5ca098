// POST /datasets/{id}/collect: examples out of ratings or traces; and how many of each there are to be had.
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ImportReport } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import { countTraces } from '../../../lib/rated-answers.ts';
import { useExamplesAgain } from './change-examples.ts';
import { at } from './dataset.ts';

export interface CollectOrder {
  from: 'ratings' | 'traces';
  since?: number;
  model?: string;
  app?: string;
  rating?: 1 | -1;
}

export function useCollect(datasetId: string) {
  const again = useExamplesAgain(datasetId);
  return useMutation({
    mutationFn: (order: CollectOrder) =>
      api<ImportReport>(`${at(datasetId)}/collect`, { method: 'POST', body: order }),
    onSuccess: again,
  });
}

export type CollectFilter = Pick<CollectOrder, 'since' | 'model' | 'app'>;

/** What the ledger holds for each source. */
export function useSourceCounts(filter: CollectFilter) {
  return useQuery({
    queryKey: ['traces', 'sources', filter],
    queryFn: async ({ signal }) => {
      const query = { from: filter.since, model: filter.model, app: filter.app };
      const [good, bad, all] = await Promise.all([
        countTraces({ ...query, rating: 1 }, signal),
        countTraces({ ...query, rating: -1 }, signal),
        countTraces(query, signal),
      ]);
      return { good, bad, all };
    },
  });
}
