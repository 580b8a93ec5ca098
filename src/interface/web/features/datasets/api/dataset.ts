// GET, PATCH, DELETE /datasets/{id} and what brings one back; POST /datasets.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Dataset, DatasetInput } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';

export const at = (id: string) => `/datasets/${encodeURIComponent(id)}`;

export function useDataset(id: string) {
  return useQuery({
    queryKey: learningKeys.dataset(id),
    queryFn: ({ signal }) => api<Dataset>(at(id), { signal }),
  });
}

function useChange<Input>(change: (input: Input) => Promise<Dataset>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (dataset) => {
      client.setQueryData(learningKeys.dataset(dataset.id), dataset);
      return client.invalidateQueries({ queryKey: learningKeys.datasetList });
    },
  });
}

export const useCreateDataset = () =>
  useChange((body: DatasetInput) => api<Dataset>('/datasets', { method: 'POST', body }));

export const useUpdateDataset = (id: string) =>
  useChange((body: { name?: string; description?: string }) =>
    api<Dataset>(at(id), { method: 'PATCH', body }),
  );

/** Hides it; `useRestoreDataset` brings it back. */
export function useRemoveDataset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>(at(id), { method: 'DELETE' }),
    onSuccess: (_nothing, id) => {
      // The list that comes next does not show it for a moment more.
      client.setQueryData<Dataset[]>(learningKeys.datasetList, (all) => all?.filter((one) => one.id !== id));
      void client.invalidateQueries({ queryKey: learningKeys.datasetList });
    },
  });
}

export const useRestoreDataset = () =>
  useChange((id: string) => api<Dataset>(`${at(id)}/restore`, { method: 'POST' }));
