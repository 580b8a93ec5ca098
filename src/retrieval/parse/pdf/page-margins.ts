// Running heads, running feet and page numbers: said once for the whole document instead of in the middle of a sentence
// on every page.
import type { Segment } from './segments.ts';

const pageNumber =
  /^[-–—\s]*(?:p(?:age|\.)?\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:\/|sur|of|de|von)\s*\d{1,4})?[-–—\s]*$/i;

/** @param pages the segments of each page; the result has the same pages without what repeats */
export function withoutMargins(pages: readonly Segment[][]): Segment[][] {
  if (pages.length < 2) return [...pages];
  const edges = pages.map(edgeSegments);
  const places = new Map<string, number>();
  for (const edge of edges)
    for (const key of new Set([...edge].map(keyOf))) places.set(key, (places.get(key) ?? 0) + 1);
  // Left and right pages have heads of their own.
  const enough = Math.max(3, 0.3 * pages.length);
  const seen = new Set<string>();
  return pages.map((segments, index) =>
    segments.filter((segment) => {
      if (!edges[index]?.has(segment)) return true;
      if (pageNumber.test(segment.text)) return false;
      const key = keyOf(segment);
      if ((places.get(key) ?? 0) < enough) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    }),
  );
}

/** The same words in the same height, whatever number they have. */
function keyOf(segment: Segment): string {
  return `${Math.round(segment.baseline / 6)}:${segment.text.replace(/\d+/g, '#')}`;
}

const EDGE_LINES = 3;

/** The segments of the first and the last lines of a page. */
function edgeSegments(segments: readonly Segment[]): Set<Segment> {
  const heights = [...new Set(segments.map((one) => Math.round(one.baseline)))].sort((a, b) => a - b);
  const first = heights[Math.min(EDGE_LINES, heights.length) - 1] ?? 0;
  const last = heights[Math.max(0, heights.length - EDGE_LINES)] ?? 0;
  return new Set(
    segments.filter((one) => Math.round(one.baseline) <= first || Math.round(one.baseline) >= last),
  );
}
