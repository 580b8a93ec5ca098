// GET /catalogue: models that can be had and whether this machine can run them.
import { useQuery } from '@tanstack/react-query';
import type { CatalogueListing } from '../../../../../contracts/catalogue.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: async ({ signal }) =>
      (await api<{ listings: CatalogueListing[] }>('/catalogue', { signal })).listings,
  });
}
