// How fast something grows: an average over the last seconds, so that a progress line neither jumps nor lags.

export interface RateMeter {
  /** Notes the amount done so far and returns how much a second it grew; null before there is enough to say. */
  mark(done: number): number | null;
}

export function createRateMeter(windowMs = 5000, now: () => number = Date.now): RateMeter {
  const marks: { at: number; done: number }[] = [];
  return {
    mark(done) {
      const at = now();
      const last = marks.at(-1);
      if (last !== undefined && done < last.done) marks.length = 0;
      marks.push({ at, done });
      while (marks.length > 2 && (marks[1]?.at ?? at) < at - windowMs) marks.shift();
      const first = marks[0];
      if (first === undefined || at - first.at < 200) return null;
      return ((done - first.done) * 1000) / (at - first.at);
    },
  };
}
