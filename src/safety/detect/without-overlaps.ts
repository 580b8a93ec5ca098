// Of findings that overlap one stays: what is certain before what is not, the longer before the shorter.
import type { Found } from './rules/rule.ts';

/** How many of those that are sorted by their start begin before a place; a text may hold a hundred thousand. */
function before(sorted: readonly Found[], place: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function withoutOverlaps(found: readonly Found[]): Found[] {
  const best = [...found].sort(
    (a, b) =>
      Number(b.certain) - Number(a.certain) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const kept: Found[] = [];
  for (const one of best) {
    // None of those that are kept overlap, so only the last one that begins before its end can reach into it.
    const place = before(kept, one.end);
    if ((kept[place - 1]?.end ?? 0) <= one.start) kept.splice(place, 0, one);
  }
  return kept;
}
