// The formula plugin, fetched when the first formula appears. One for the whole page.
import { useSyncExternalStore } from 'react';
import type { PluginConfig } from 'streamdown';

let plugins: PluginConfig | null = null;
let asked = false;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  const [{ createMathPlugin }] = await Promise.all([
    import('@streamdown/math'),
    import('katex/dist/katex.min.css'),
  ]);
  const math = createMathPlugin({ singleDollarTextMath: false, errorColor: 'var(--failed)' });
  // No link, no picture, no HTML, no size beyond the page in a formula; faults show in it, not in the console.
  const strict = { trust: false, strict: 'ignore', maxSize: 20 };
  const { rehypePlugin } = math;
  plugins = {
    math: {
      ...math,
      rehypePlugin: Array.isArray(rehypePlugin)
        ? [rehypePlugin[0], { ...(rehypePlugin[1] as object), ...strict }]
        : rehypePlugin,
    },
  };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!asked) {
    asked = true;
    load().catch(() => {
      // The page was rebuilt or the server is gone: the formula stays as it was written, and the next one asks again.
      asked = false;
    });
  }
  return () => listeners.delete(listener);
}

const nothing = (): (() => void) => () => undefined;

export function useMath(needed: boolean): PluginConfig | null {
  const read = () => (needed ? plugins : null);
  return useSyncExternalStore(needed ? subscribe : nothing, read, read);
}
