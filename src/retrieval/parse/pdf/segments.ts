// Runs that stand on one line with no more than a space between them are a segment: the smallest thing that columns and
// tables are made of.
import { type Rectangle, type Run, union } from './page-runs.ts';

export interface Segment {
  text: string;
  size: number;
  /** The font of most of its letters. */
  font: string;
  rtl: boolean;
  left: number;
  right: number;
  baseline: number;
  shown: Rectangle;
}

/** A gap of more than this many letter heights parts two segments. */
const SEGMENT_GAP = 1;
/** A gap of more than this is a space. */
const WORD_GAP = 0.14;

/** @param runs in the order of the file, which within a line is nearly always the order of reading */
export function makeSegments(runs: readonly Run[]): Segment[] {
  const groups: Run[][] = [];
  let group: Run[] = [];
  for (const run of runs) {
    const last = group.at(-1);
    if (last && joins(last, run)) group.push(run);
    else {
      group = [run];
      groups.push(group);
    }
  }
  return mergeNeighbours(groups).map(toSegment);
}

function joins(last: Run, next: Run): boolean {
  const size = Math.max(last.size, next.size);
  const gap = next.left >= last.left ? next.left - last.right : last.left - next.right;
  return sameLine(last, next) && gap < SEGMENT_GAP * size && gap > -0.6 * size;
}

/** Also true for a small letter that is raised or lowered a little, as a call of a footnote is. */
export function sameLine(
  a: { baseline: number; size: number },
  b: { baseline: number; size: number },
): boolean {
  const distance = Math.abs(a.baseline - b.baseline);
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  return distance < 0.3 * small.size || (small.size < 0.8 * large.size && distance < 0.5 * large.size);
}

/** Some files draw their words in any order: groups that touch on one line belong together. */
function mergeNeighbours(groups: Run[][]): Run[][] {
  const merged: Run[][] = [];
  const sorted = groups
    .map((group) => ({
      group,
      left: Math.min(...group.map((run) => run.left)),
      right: Math.max(...group.map((run) => run.right)),
    }))
    .sort((a, b) => a.left - b.left);
  // Each line's open groups by their rounded baseline, so that a page of words stays linear.
  const ends = new Map<number, { runs: Run[]; right: number; last: Run }[]>();
  for (const { group, right } of sorted) {
    const [first] = group;
    if (!first) continue;
    const row = Math.round(first.baseline / 4);
    const near = [row - 1, row, row + 1].flatMap((key) => ends.get(key) ?? []);
    const left = Math.min(...group.map((run) => run.left));
    const before = near.find((end) => {
      const gap = left - end.right;
      const size = Math.max(end.last.size, first.size);
      return (
        gap < 0.6 * size && gap > -0.3 * size && Math.abs(end.last.baseline - first.baseline) < 0.2 * size
      );
    });
    if (before) {
      before.runs.push(...group);
      before.right = Math.max(before.right, right);
      before.last = group.at(-1) ?? before.last;
      continue;
    }
    merged.push(group);
    ends.set(row, [...(ends.get(row) ?? []), { runs: group, right, last: group.at(-1) ?? first }]);
  }
  return merged;
}

function toSegment(group: Run[]): Segment {
  const rtl = group.filter((run) => run.rtl).length > group.length / 2;
  const runs = [...group].sort((a, b) => (rtl ? b.right - a.right : a.left - b.left));
  let text = '';
  let shown: Rectangle | null = null;
  let previous: Run | null = null;
  const fonts = new Map<string, number>();
  for (const run of runs) {
    if (previous) {
      const gap = rtl ? previous.left - run.right : run.left - previous.right;
      const touching = gap < WORD_GAP * Math.max(previous.size, run.size);
      if (!touching && !/\s$/.test(text) && !/^\s/.test(run.text)) text += ' ';
    }
    text += run.text;
    shown = shown ? union(shown, run.shown) : run.shown;
    fonts.set(run.font, (fonts.get(run.font) ?? 0) + run.text.length);
    previous = run;
  }
  // The size and line of most letters: a raised number at the start must not move the line.
  const main = runs.reduce((best, run) =>
    run.text.length * run.size > best.text.length * best.size ? run : best,
  );
  return {
    text: text.normalize('NFC').replace(/\s+/g, ' ').trim(),
    size: main.size,
    font: [...fonts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '',
    rtl,
    left: Math.min(...runs.map((run) => run.left)),
    right: Math.max(...runs.map((run) => run.right)),
    baseline: main.baseline,
    shown: shown ?? main.shown,
  };
}
