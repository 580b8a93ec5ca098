// Which sources an answer cites.
import type { Source } from '../../../../../contracts/knowledge.ts';

/** The numbers of `1, 3`. */
export function citedNumbers(list: string): number[] {
  return list
    .split(/[,;]/)
    .map((number) => Number.parseInt(number, 10))
    .filter(Number.isFinite);
}

/** Sources that the text names, in the order in which it first names them, and the others in their own order. */
export function splitSources(
  sources: readonly Source[],
  text: string,
): { cited: Source[]; others: Source[] } {
  const byNumber = new Map(sources.map((source) => [source.number, source]));
  const cited = new Set<Source>();
  for (const match of text.matchAll(/\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g))
    for (const number of citedNumbers(match[1] ?? '')) {
      const source = byNumber.get(number);
      if (source) cited.add(source);
    }
  return { cited: [...cited], others: sources.filter((source) => !cited.has(source)) };
}
