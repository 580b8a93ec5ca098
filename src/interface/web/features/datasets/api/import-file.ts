// POST /datasets/{id}/import: one file, with what came of each of its lines.
import { useMutation } from '@tanstack/react-query';
import type { ImportReport } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';
import { useExamplesAgain } from './change-examples.ts';
import { at } from './dataset.ts';

export function useImportFile(datasetId: string) {
  const again = useExamplesAgain(datasetId);
  return useMutation({
    mutationFn: ({ file, shape }: { file: File; shape: string | null }) => {
      const body = new FormData();
      // The server reads part by part: what it must know of the file stands before it.
      if (shape !== null) body.append('shape', shape);
      body.append('file', file, file.name);
      return api<ImportReport>(`${at(datasetId)}/import`, { method: 'POST', body });
    },
    onSettled: again,
  });
}
