// POST /datasets/{id}/versions: what is approved now, for good.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DatasetVersion } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { at } from './dataset.ts';

export function useFreeze(datasetId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (note: string) =>
      api<DatasetVersion>(`${at(datasetId)}/versions`, { method: 'POST', body: { note } }),
    onSuccess: () => client.invalidateQueries({ queryKey: learningKeys.datasets }),
  });
}
