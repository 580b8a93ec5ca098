// Of findings that overlap one stays: what is certain before what is not, the longer before the shorter.
import type { Found } from './rules/rule.ts';

export function withoutOverlaps(found: readonly Found[]): Found[] {
  const best = [...found].sort(
    (a, b) =>
      Number(b.certain) - Number(a.certain) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const kept: Found[] = [];
  for (const one of best)
    if (!kept.some((other) => one.start < other.end && other.start < one.end)) kept.push(one);
  return kept.sort((a, b) => a.start - b.start);
}
