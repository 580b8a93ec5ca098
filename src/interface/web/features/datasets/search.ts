// What the address of a dataset may ask for: a view, what the review shows, the example that is open.
import { type Example, type Split, splits } from '../../../../contracts/dataset.ts';

export const exampleStatuses = ['pending', 'approved', 'rejected'] as const satisfies Example['status'][];

/** Ways to bring examples in; the address opens one, so that a new dataset begins with it. */
export const addWays = ['ratings', 'traces', 'file', 'hand'] as const;
export type AddWay = (typeof addWays)[number];

export function readDatasetsSearch(search: Record<string, unknown>): { q?: string } {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 200) } : {};
}

export interface DatasetSearch {
  view?: 'versions';
  status?: Example['status'];
  split?: Split;
  /** Only those with personal data that nobody has redacted. */
  findings?: true;
  q?: string;
  example?: string;
  add?: AddWay;
}

export function readDatasetSearch(search: Record<string, unknown>): DatasetSearch {
  const status = exampleStatuses.find((one) => one === search.status);
  const split = splits.find((one) => one === search.split);
  const add = addWays.find((one) => one === search.add);
  // The router reads words that are a number as one.
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q) : '';
  return {
    ...(search.view === 'versions' ? { view: 'versions' as const } : {}),
    ...(status ? { status } : {}),
    ...(split ? { split } : {}),
    ...(search.findings === true || search.findings === 'true' ? { findings: true as const } : {}),
    ...(q === '' ? {} : { q: q.slice(0, 500) }),
    ...(typeof search.example === 'string' ? { example: search.example } : {}),
    ...(add ? { add } : {}),
  };
}
