// GET /apps: the apps, the files that should be apps and are none, and what was measured.
import { useQuery } from '@tanstack/react-query';
import type { AppFault, AppFigure, AppInfo } from '../../../../../contracts/app.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface AppList {
  apps: AppInfo[];
  faults: AppFault[];
  figures: AppFigure[];
}

export function useApps() {
  return useQuery({
    queryKey: [...queryKeys.apps, 'list'],
    queryFn: ({ signal }) => api<AppList>('/apps', { signal }),
  });
}
