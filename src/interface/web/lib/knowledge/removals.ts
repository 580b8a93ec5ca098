// Documents that a person has deleted and may still take back: they are gone from the page at once and from the server
// when the offer to undo goes. What the page does not get to delete stays, so nothing is ever lost by it.
import { useSyncExternalStore } from 'react';
import { api } from '../api.ts';

export interface Removals {
  /** Gone from the lists from here on. */
  begin(id: string): void;
  /** False when it is too late. */
  undo(id: string): boolean;
  /** Deletes it once, unless it was taken back. Rejects, and shows it again, when the server refuses. */
  commit(id: string): Promise<void>;
  /** All that is still open: before the page goes, and before something is added that may be the same again. */
  commitAll(): Promise<void>;
  hidden(): ReadonlySet<string>;
  watch(watcher: () => void): () => void;
}

export function createRemovals(remove: (id: string) => Promise<void>): Removals {
  const open = new Set<string>();
  let hidden: ReadonlySet<string> = new Set();
  const watchers = new Set<() => void>();
  const show = (next: ReadonlySet<string>) => {
    hidden = next;
    for (const watcher of watchers) watcher();
  };
  const without = (id: string) => new Set([...hidden].filter((one) => one !== id));

  async function commit(id: string): Promise<void> {
    if (!open.delete(id)) return;
    try {
      await remove(id);
    } catch (error) {
      show(without(id));
      throw error;
    }
  }

  return {
    begin(id) {
      open.add(id);
      show(new Set([...hidden, id]));
    },
    undo(id) {
      if (!open.delete(id)) return false;
      show(without(id));
      return true;
    },
    commit,
    async commitAll() {
      await Promise.allSettled([...open].map(commit));
    },
    hidden: () => hidden,
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** The request outlives the page that sends it. */
export const removals = createRemovals((id) =>
  api<void>(`/documents/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true }),
);
if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void removals.commitAll());

export const useRemoved = (): ReadonlySet<string> =>
  useSyncExternalStore(removals.watch, removals.hidden, removals.hidden);
