// The scores that were measured for apps: what a cost policy may ask for.
import { useQuery } from '@tanstack/react-query';
import type { AppFigure } from '../../../../../contracts/app.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useFigures() {
  return useQuery({
    queryKey: [...queryKeys.apps, 'list'],
    queryFn: ({ signal }) => api<{ figures: AppFigure[] }>('/apps', { signal }),
  });
}
