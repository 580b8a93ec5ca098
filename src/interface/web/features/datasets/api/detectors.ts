// GET /detectors: which kinds of personal data are looked for here, and which are not.
import { useQuery } from '@tanstack/react-query';
import type { Detector } from '../../../../../contracts/dataset.ts';
import { api } from '../../../lib/api.ts';

export function useDetectors() {
  return useQuery({
    queryKey: ['detectors'],
    queryFn: async ({ signal }) => (await api<{ detectors: Detector[] }>('/detectors', { signal })).detectors,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
