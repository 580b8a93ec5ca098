// A piece of a document's text, with what lies in the passage marked.
import type { TextRange } from '../../lib/knowledge/place.ts';
import { cutRange, type PlacedText } from './cut-range.ts';

export function Marked({ text, start, range }: PlacedText & { range: TextRange | null }) {
  const { before, inside, after } = cutRange(text, start, range);
  if (inside === '') return text;
  return (
    <>
      {before}
      <mark className="rounded-[2px] bg-mark text-ink">{inside}</mark>
      {after}
    </>
  );
}
