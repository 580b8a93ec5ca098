// A text as its sentences, each with its place; list items and lines that stand alone count as sentences.
import type { Place } from './find-quote.ts';

const segmenter = new Intl.Segmenter('fr', { granularity: 'sentence' });

export function sentencesOf(text: string): (Place & { text: string })[] {
  const found: (Place & { text: string })[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    let at = index;
    for (const line of segment.split(/(?<=\n)/)) {
      const lead = line.length - line.trimStart().length;
      const body = line.trim();
      if (/[\p{L}\p{N}]/u.test(body))
        found.push({ text: body, start: at + lead, end: at + lead + body.length });
      at += line.length;
    }
  }
  return found;
}
