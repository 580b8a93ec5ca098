// What the address of the playground may ask for: a view, a recorded call to begin with, models to compare.
export const playgroundViews = ['compare', 'next', 'sweep'] as const;
export type PlaygroundView = (typeof playgroundViews)[number];

export interface PlaygroundSearch {
  view?: PlaygroundView;
  trace?: string;
  span?: string;
  /** Joined by commas: a column each. */
  models?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{16,32}$/.test(value) ? value : undefined;

export function readPlaygroundSearch(search: Record<string, unknown>): PlaygroundSearch {
  const view = playgroundViews.find((one) => one === search.view);
  const trace = text(search.trace);
  const span = text(search.span);
  const models = typeof search.models === 'string' ? search.models.slice(0, 2000) : '';
  return {
    ...(view && view !== 'compare' ? { view } : {}),
    ...(trace ? { trace } : {}),
    ...(span ? { span } : {}),
    ...(models ? { models } : {}),
  };
}
