// Examples that were deleted and may still be taken back: gone from the page at once, from the server when the offer goes.
import { useSyncExternalStore } from 'react';
import { createRemovals } from '../../../lib/knowledge/removals.ts';
import { deleteExample } from '../api/change-examples.ts';

/** Both ids in one key: an example is addressed through its dataset. */
export const removalKey = (datasetId: string, id: string): string => `${datasetId} ${id}`;

export const removals = createRemovals((key) => {
  const [datasetId = '', id = ''] = key.split(' ');
  return deleteExample(datasetId, id);
});
if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void removals.commitAll());

export const useRemoved = (): ReadonlySet<string> =>
  useSyncExternalStore(removals.watch, removals.hidden, removals.hidden);
