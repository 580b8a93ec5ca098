// The order in which a person reads a page: columns of text one after the other, tables row by row. A recursive cut in
// the spirit of the XY-cut (Nagy and Seth 1984): a gutter counts only between columns of running text, and what crosses
// it, such as a title over both columns, divides the page above from the page below.
import { type Segment, sameLine } from './segments.ts';

export interface Line {
  segments: Segment[];
  left: number;
  right: number;
  baseline: number;
  size: number;
}

/** Lines that are read one after the other, in one column. */
export interface Region {
  lines: Line[];
  left: number;
  right: number;
}

const DEEPEST_CUT = 6;
/** A column of text has at least this many lines, this wide in letter heights, and lines that fill it this much. */
const COLUMN_LINES = 3;
const COLUMN_WIDTH = 9;
const COLUMN_FILL = 0.55;
/** What crosses a gutter may be this share of the lines. */
const MOST_CROSSING = 0.4;

export function readingOrder(segments: readonly Segment[], depth = 0): Region[] {
  if (segments.length === 0) return [];
  if (depth >= DEEPEST_CUT) return [toRegion(segments)];
  const gutter = findGutter(segments);
  if (gutter === null) return cutAcross(segments, depth);
  const sorted = [...segments].sort((a, b) => a.baseline - b.baseline);
  const regions: Region[] = [];
  let band: Segment[] = [];
  let crossing: Segment[] = [];
  const flushBand = () => {
    // On a page that is written from right to left, the right column comes first.
    const sides = [band.filter((one) => one.right <= gutter), band.filter((one) => one.left >= gutter)];
    if (band.filter((one) => one.rtl).length > band.length / 2) sides.reverse();
    for (const side of sides) regions.push(...readingOrder(side, depth + 1));
    band = [];
  };
  const flushCrossing = () => {
    if (crossing.length > 0) regions.push(...readingOrder(crossing, DEEPEST_CUT));
    crossing = [];
  };
  for (const segment of sorted) {
    const crosses = segment.left < gutter && segment.right > gutter;
    // What stands on the line of a segment that crosses belongs to that line.
    const onCrossed =
      crossing.some((one) => sameLine(one, segment)) &&
      sorted.some((one) => one.left < gutter && one.right > gutter && sameLine(one, segment));
    if (crosses || onCrossed) {
      if (band.length > 0) flushBand();
      crossing.push(segment);
    } else {
      flushCrossing();
      band.push(segment);
    }
  }
  flushCrossing();
  flushBand();
  return regions;
}

/** A stretch without text of this many letter heights divides a page without columns into bands that may have some. */
const BAND_GAP = 2.1;

function cutAcross(segments: readonly Segment[], depth: number): Region[] {
  const bands: Segment[][] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline)) {
    if (segment.baseline - lowest > BAND_GAP * segment.size) bands.push([]);
    bands.at(-1)?.push(segment);
    lowest = Math.max(lowest, segment.baseline);
  }
  const regions: Region[] = [];
  let plain: Segment[] = [];
  const flush = () => {
    if (plain.length > 0) regions.push(toRegion(plain));
    plain = [];
  };
  for (const band of bands) {
    if (bands.length === 1 || findGutter(band) === null) plain.push(...band);
    else {
      flush();
      regions.push(...readingOrder(band, depth + 1));
    }
  }
  flush();
  return regions;
}

/** Where a gutter between two columns of text lies, or null. */
function findGutter(segments: readonly Segment[]): number | null {
  const left = Math.min(...segments.map((one) => one.left));
  const right = Math.max(...segments.map((one) => one.right));
  const size = median(segments.map((one) => one.size));
  if (right - left < 2 * COLUMN_WIDTH * size || segments.length < 2 * COLUMN_LINES) return null;
  let best: { at: number; crossing: number; width: number } | null = null;
  for (const gap of gapsOf(segments, left, right)) {
    const at = (gap.from + gap.to) / 2;
    const crossing = segments.filter((one) => one.left < at && one.right > at).length;
    if (crossing > MOST_CROSSING * segments.length) continue;
    if (gap.to - gap.from < 0.7 * size) continue;
    const better =
      !best || crossing < best.crossing || (crossing === best.crossing && gap.to - gap.from > best.width);
    if (better && isColumns(segments, at, size)) best = { at, crossing, width: gap.to - gap.from };
  }
  return best?.at ?? null;
}

/** Stretches that only few segments cross: those that no short set of wide segments closes. */
function gapsOf(segments: readonly Segment[], left: number, right: number): { from: number; to: number }[] {
  const steps = 300;
  const width = (right - left) / steps;
  const counts = new Array<number>(steps).fill(0);
  for (const segment of segments) {
    const from = Math.max(0, Math.floor((segment.left - left) / width));
    const to = Math.min(steps - 1, Math.ceil((segment.right - left) / width) - 1);
    for (let step = from; step <= to; step++) counts[step] = (counts[step] ?? 0) + 1;
  }
  const gaps: { from: number; to: number }[] = [];
  // Valleys of the profile at each height that may still be a gutter.
  for (const share of [0, 0.05, 0.1, 0.2, MOST_CROSSING]) {
    const most = share * segments.length;
    let start: number | null = null;
    counts.forEach((count, step) => {
      if (count <= most) start ??= step;
      else if (start !== null) {
        if (start > 0) gaps.push({ from: left + start * width, to: left + step * width });
        start = null;
      }
    });
  }
  return gaps;
}

function isColumns(segments: readonly Segment[], at: number, size: number): boolean {
  const sides = [segments.filter((one) => one.right <= at), segments.filter((one) => one.left >= at)];
  return sides.every((side) => {
    const lines = toLines(side);
    if (lines.length < COLUMN_LINES) return false;
    const from = Math.min(...lines.map((line) => line.left));
    const to = Math.max(...lines.map((line) => line.right));
    if (to - from < COLUMN_WIDTH * size) return false;
    // Text fills its column with one piece a line; a table's column has many short pieces.
    const fills = lines.map(
      (line) => Math.max(...line.segments.map((one) => one.right - one.left)) / (to - from),
    );
    return median(fills) >= COLUMN_FILL;
  });
}

function toRegion(segments: readonly Segment[]): Region {
  const lines = toLines(segments);
  return {
    lines,
    left: Math.min(...lines.map((line) => line.left)),
    right: Math.max(...lines.map((line) => line.right)),
  };
}

/** Segments by line, from the top; within a line in the order of reading. */
export function toLines(segments: readonly Segment[]): Line[] {
  const lines: Line[] = [];
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline)) {
    const line = lines.findLast((one) => sameLine(one, segment));
    const { left, right, baseline, size } = segment;
    if (!line || segment.baseline - line.baseline > 2 * size) {
      lines.push({ segments: [segment], left, right, baseline, size });
      continue;
    }
    line.segments.push(segment);
    line.left = Math.min(line.left, left);
    line.right = Math.max(line.right, right);
    if (size > line.size) Object.assign(line, { baseline, size });
  }
  for (const line of lines) {
    const rtl = line.segments.filter((one) => one.rtl).length > line.segments.length / 2;
    line.segments.sort((a, b) => (rtl ? b.left - a.left : a.left - b.left));
  }
  return lines.sort((a, b) => a.baseline - b.baseline);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
