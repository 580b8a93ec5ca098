// The vector of a passage: what it says, mixed with where it stands. Title and headings are embedded once more by
// themselves, since in one text with the passage they are lost among its words; a question is often near a title and far
// from the sentences below it. What the sum of two cosines would rank, one vector ranks. Measured in docs/log.md.
import { type Chunk, passageText } from '../../contracts/chunk.ts';
import { passageLabel } from './passage-label.ts';

/** Share of title and headings; the rest is the passage with its context, as the model reads it. */
export const CONTEXT_SHARE = 0.3;

/** The texts whose vectors make up a passage's vector: one, or two where it stands under a title or heading. */
export function textsToEmbed(chunk: Pick<Chunk, 'context' | 'header' | 'text'>): [string] | [string, string] {
  const text = passageText(chunk);
  const label = passageLabel(chunk);
  return label === '' ? [text] : [text, label];
}

/** A unit vector of unit vectors. */
export function mixVectors(
  passage: Float32Array,
  context: Float32Array | undefined,
  share: number = CONTEXT_SHARE,
): Float32Array {
  if (context === undefined) return passage;
  const mixed = passage.map((x, at) => (1 - share) * x + share * (context[at] ?? 0));
  const length = Math.hypot(...mixed);
  return length > 0 ? mixed.map((x) => x / length) : passage;
}
