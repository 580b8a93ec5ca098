// A passage that is open already is asked for once more: whoever shows it scrolls back to it.
const watchers = new Set<() => void>();

export function showAgain(): void {
  for (const watcher of watchers) watcher();
}

export function onShowAgain(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
