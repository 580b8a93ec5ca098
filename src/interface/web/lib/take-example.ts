// POST /datasets/{id}/examples, from wherever an example is found: a trace, an answer, a person's hand.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dataset, DatasetInput, Example, ExampleBody } from '../../../contracts/dataset.ts';
import { api } from './api.ts';
import { learningKeys } from './learning.ts';

export interface NewExample {
  datasetId: string;
  body: ExampleBody;
  /** The span of one's own that it was taken out of. */
  from?: { traceId: string; spanId: string };
}

export function useAddExample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ datasetId, ...example }: NewExample) =>
      api<Example>(`/datasets/${encodeURIComponent(datasetId)}/examples`, { method: 'POST', body: example }),
    onSuccess: (_example, { datasetId }) => {
      for (const queryKey of [learningKeys.datasets, ['examples', datasetId]])
        void client.invalidateQueries({ queryKey });
    },
  });
}

export function createDataset(body: DatasetInput): Promise<Dataset> {
  return api<Dataset>('/datasets', { method: 'POST', body });
}
