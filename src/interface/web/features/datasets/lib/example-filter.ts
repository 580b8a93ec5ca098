// Which examples a review shows, out of the address.
import type { Example, Split } from '../../../../../contracts/dataset.ts';
import type { DatasetSearch } from '../search.ts';

export interface ExampleFilter {
  status?: Example['status'];
  split?: Split;
  query?: string;
  findings?: true;
}

export function filterOf({ status, split, q, findings }: DatasetSearch): ExampleFilter {
  return {
    ...(status ? { status } : {}),
    ...(split ? { split } : {}),
    ...(q ? { query: q } : {}),
    ...(findings ? { findings } : {}),
  };
}

/** Counts that the dataset knows without asking: of everything, of a status, of those with findings. */
export function knownCount(
  filter: ExampleFilter,
  counts: { total: number; pending: number; approved: number; rejected: number; withFindings: number },
): number | null {
  const { status, split, query, findings } = filter;
  if (split || query) return null;
  if (findings) return status ? null : counts.withFindings;
  return status ? counts[status] : counts.total;
}
