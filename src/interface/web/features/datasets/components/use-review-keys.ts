// The keys of a review: none of them fires while a person writes, chooses in a dialog, or goes to another door.
import { useEffect, useRef } from 'react';
import { isWriting } from '../../../lib/shortcuts.ts';

export type ReviewKey = 'j' | 'k' | 'a' | 'x' | 'e' | 'r' | 'u';

/** "g then a" is the way to another door. */
const PAIR_MS = 1200;

export function useReviewKeys(actions: Record<ReviewKey, () => void>): void {
  const kept = useRef(actions);
  kept.current = actions;
  useEffect(() => {
    let wayAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isWriting(event.target)) return;
      if (event.key === 'g') {
        wayAt = event.timeStamp;
        return;
      }
      if (event.timeStamp - wayAt < PAIR_MS || !Object.hasOwn(kept.current, event.key)) return;
      event.preventDefault();
      kept.current[event.key as ReviewKey]();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
