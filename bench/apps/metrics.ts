// The measures of the bench of the apps, each a function of its rows, so that the rows can be drawn again for an interval.
import {
  accuracyOf,
  chrfOf,
  type Labelled,
  macroF1Of,
  type NgramCounts,
} from '../../src/lib/text-metrics.ts';

/** What one row contributes. Sets of one kind look at the same fields. */
export type Scored =
  | ({ kind: 'label' } & Labelled)
  | { kind: 'share'; value: number }
  | { kind: 'counts'; right: number; found: number; wanted: number }
  | { kind: 'chrf'; orders: NgramCounts[] };

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const labelsOf = (rows: readonly Scored[]) => rows.filter((row) => row.kind === 'label');

export const accuracy = (rows: readonly Scored[]): number => accuracyOf(labelsOf(rows));
export const macroF1 = (rows: readonly Scored[]): number => macroF1Of(labelsOf(rows));

/** Of the whole set, 0 to 1. */
export const chrf = (rows: readonly Scored[]): number =>
  chrfOf(rows.flatMap((row) => (row.kind === 'chrf' ? [row.orders] : [])));

export function meanShare(rows: readonly Scored[]): number {
  return ratio(
    rows.reduce((sum, row) => sum + (row.kind === 'share' ? row.value : 0), 0),
    rows.length,
  );
}

/** Over all rows together: 2 x right / (found + wanted). */
export function microF1(rows: readonly Scored[]): number {
  const sum = { right: 0, found: 0, wanted: 0 };
  for (const row of rows) {
    if (row.kind !== 'counts') continue;
    sum.right += row.right;
    sum.found += row.found;
    sum.wanted += row.wanted;
  }
  return ratio(2 * sum.right, sum.found + sum.wanted);
}

/** Longest common subsequence of small words, as F1 (Lin 2004); no stemming. */
export function rougeL(hypothesis: string, reference: string): number {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const [ours, theirs] = [words(hypothesis), words(reference)];
  let row = new Array<number>(theirs.length + 1).fill(0);
  for (const word of ours) {
    const next = [0];
    for (const [index, other] of theirs.entries())
      next.push(word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return ratio(2 * (row[theirs.length] ?? 0), ours.length + theirs.length);
}
