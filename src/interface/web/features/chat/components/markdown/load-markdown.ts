// The Markdown code is the largest part of the page: it is fetched after the composer is there, before an answer needs it.

export const loadMarkdown = () => import('./markdown-block.tsx');

/** Fetches it once the browser has nothing better to do; returns the function that takes this back. */
export function loadMarkdownSoon(): () => void {
  const timer = setTimeout(() => {
    // Should it fail now, the first answer asks again.
    loadMarkdown().catch(() => undefined);
  }, 1_500);
  return () => clearTimeout(timer);
}
