// GET /datasets/{id}/names and POST /datasets/{id}/find-names: names of people, which only a local model finds.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { NameSearch } from '../../../../../contracts/dataset.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { api } from '../../../lib/api.ts';
import { onServerEvent } from '../../../lib/events.ts';
import { isOpen } from '../../../lib/task-figures.ts';
import { useExamplesAgain } from './change-examples.ts';
import { at } from './dataset.ts';

const KIND = 'learning.names';
const namesKey = (id: string) => ['dataset-names', id] as const;

/** @param total of the examples: with another number it is asked again */
export function useNameSearch(id: string, total: number) {
  return useQuery({
    queryKey: [...namesKey(id), total],
    queryFn: ({ signal }) => api<NameSearch>(`${at(id)}/names`, { signal }),
  });
}

export function useFindNames(id: string) {
  return useMutation({
    mutationFn: (model: string) => api<Task>(`${at(id)}/find-names`, { method: 'POST', body: { model } }),
  });
}

/** What a search has found is shown when it ends, however it ends. */
export function useNamesEnd(id: string): void {
  const client = useQueryClient();
  const again = useExamplesAgain(id);
  useEffect(() =>
    onServerEvent((event) => {
      if (event.type !== 'task-changed') return;
      const { kind, payload } = event.task;
      if (kind !== KIND || payload.datasetId !== id || isOpen(event.task)) return;
      void client.invalidateQueries({ queryKey: namesKey(id) });
      again();
    }),
  );
}
