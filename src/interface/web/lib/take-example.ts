// POST /datasets/{id}/examples, from wherever an example is found: a trace, an answer, a person's hand.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dataset, DatasetInput, Example, ExampleBody } from '../../../contracts/dataset.ts';
import { api } from './api.ts';
import { learningKeys } from './learning.ts';

export function useAddExample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ datasetId, body }: { datasetId: string; body: ExampleBody }) =>
      api<Example>(`/datasets/${encodeURIComponent(datasetId)}/examples`, { method: 'POST', body: { body } }),
    onSuccess: (_example, { datasetId }) => {
      for (const queryKey of [learningKeys.datasets, ['examples', datasetId]])
        void client.invalidateQueries({ queryKey });
    },
  });
}

export function createDataset(body: DatasetInput): Promise<Dataset> {
  return api<Dataset>('/datasets', { method: 'POST', body });
}
