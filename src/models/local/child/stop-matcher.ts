// Finds stop sequences in text that arrives in pieces, and holds back only what may still become one.

export interface StopMatcher {
  /** What may be shown now. `stop`: the stop sequence that was found; it and what follows are dropped. */
  push(text: string): { text: string; stop: string | null };
  /** What was held back, when nothing more comes. */
  flush(): string;
}

export function createStopMatcher(stops: readonly string[]): StopMatcher {
  let held = '';
  return {
    push(text) {
      held += text;
      const first = firstStop(held, stops);
      if (first !== null) {
        const shown = held.slice(0, first.at);
        held = '';
        return { text: shown, stop: first.stop };
      }
      const keep = longestBeginning(held, stops);
      const shown = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text: shown, stop: null };
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

function firstStop(text: string, stops: readonly string[]): { at: number; stop: string } | null {
  let first: { at: number; stop: string } | null = null;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (first === null || at < first.at)) first = { at, stop };
  }
  return first;
}

/** Length of the longest end of `text` with which some stop sequence begins. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        longest = length;
        break;
      }
    }
  }
  return longest;
}
