// Where a passage stands, in one line: title and headings above it, and the heading that it begins with. Words in it
// count more, and it has a vector of its own (passage-terms.ts, passage-vector.ts).
import type { Chunk } from '../../contracts/chunk.ts';
import { BLOCK_GAP } from '../../contracts/document.ts';

const LONGEST_HEADING = 160;

/** Empty for a passage without title and heading. */
export function passageLabel({ context, text }: Pick<Chunk, 'context' | 'text'>): string {
  const heading = ownHeading(text);
  return [context, heading].filter((part) => part !== '').join(' > ');
}

/** The first block, where it looks like a heading: one short line over more text, that ends as no sentence does. */
function ownHeading(text: string): string {
  const end = text.indexOf(BLOCK_GAP);
  if (end < 1 || end > LONGEST_HEADING) return '';
  const first = text.slice(0, end);
  return first.includes('\n') || /[.;:,…]$/.test(first) ? '' : first;
}
