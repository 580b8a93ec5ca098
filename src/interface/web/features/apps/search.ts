// What the address of an app's page may ask for.
export const appViews = ['run', 'batch', 'figures', 'code'] as const;
export type AppView = (typeof appViews)[number];

export function readAppSearch(search: Record<string, unknown>): { view?: AppView } {
  const view = appViews.find((one) => one === search.view);
  return view && view !== 'run' ? { view } : {};
}
