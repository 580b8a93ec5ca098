// PUT /aliases/{alias}: the model behind a name, and what happens when it fails.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouteSettings } from '../../../../../contracts/routing.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface SavedRoute {
  alias: string;
  model: string;
  settings: RouteSettings;
}

export function useSaveRoute() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ alias, model, settings }: SavedRoute) =>
      api<unknown>(`/aliases/${encodeURIComponent(alias)}`, { method: 'PUT', body: { model, settings } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.models }),
  });
}
