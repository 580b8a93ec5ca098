// What the addresses of prompts may ask for: words to look for, and a view of one prompt.
export const promptViews = ['edit', 'try', 'versions', 'code'] as const;
export type PromptView = (typeof promptViews)[number];

export function readPromptsSearch(search: Record<string, unknown>): { q?: string } {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 200) } : {};
}

export function readPromptSearch(search: Record<string, unknown>): { view?: PromptView } {
  const view = promptViews.find((one) => one === search.view);
  return view && view !== 'edit' ? { view } : {};
}
