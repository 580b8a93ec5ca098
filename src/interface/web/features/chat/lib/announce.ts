// What a screen reader is told of an answer that grows: whole sentences, never single tokens, and no Markdown signs.

/** The sentences that became whole after offset `from`, as one text, and where they end. */
export function sentencesAfter(text: string, from: number): { spoken: string; upTo: number } {
  const rest = text.slice(from);
  const ends = [...rest.matchAll(/[.!?…:](?=\s)|\n+/g)];
  const last = ends.at(-1);
  if (!last) return { spoken: '', upTo: from };
  const length = last.index + last[0].length;
  return { spoken: plain(rest.slice(0, length)), upTo: from + length };
}

/** Markdown as it would be read aloud. */
export function plain(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(?:#{1,6} |> ?|[-*+] |\d+[.)] )/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ |:-]+$/gm, ' ')
    .replace(/[*_`~|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
