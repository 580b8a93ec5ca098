// The measures of the bench of the apps, each a function of its rows, so that the rows can be drawn again for an interval.

/** What one row contributes. Sets of one kind look at the same fields. */
export type Scored =
  | { kind: 'label'; gold: string; found: string | null }
  | { kind: 'share'; value: number }
  | { kind: 'counts'; right: number; found: number; wanted: number }
  | { kind: 'chrf'; orders: NgramCounts[] };

export interface NgramCounts {
  match: number;
  hypothesis: number;
  reference: number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

export function accuracy(rows: readonly Scored[]): number {
  return ratio(rows.filter((row) => row.kind === 'label' && row.gold === row.found).length, rows.length);
}

/** Mean over the classes that the gold labels have. */
export function macroF1(rows: readonly Scored[]): number {
  const labels = rows.flatMap((row) => (row.kind === 'label' ? [row] : []));
  const classes = [...new Set(labels.map(({ gold }) => gold))];
  const f1 = classes.map((name) => {
    const right = labels.filter(({ gold, found }) => gold === name && found === name).length;
    const found = labels.filter((row) => row.found === name).length;
    const wanted = labels.filter((row) => row.gold === name).length;
    return ratio(2 * right, found + wanted);
  });
  return ratio(
    f1.reduce((sum, value) => sum + value, 0),
    classes.length,
  );
}

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

const CHRF_ORDER = 6;
const CHRF_BETA = 2;

/** Character n-grams without blanks, as sacrebleu's chrF2 counts them (Popović 2015). */
export function chrfCounts(hypothesis: string, reference: string): NgramCounts[] {
  const grams = (text: string, order: number) => {
    const counts = new Map<string, number>();
    const letters = [...text.replace(/\s+/g, '')];
    for (let at = 0; at + order <= letters.length; at++) {
      const gram = letters.slice(at, at + order).join('');
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  };
  return Array.from({ length: CHRF_ORDER }, (_, index) => {
    const [ours, theirs] = [grams(hypothesis, index + 1), grams(reference, index + 1)];
    let match = 0;
    for (const [gram, count] of ours) match += Math.min(count, theirs.get(gram) ?? 0);
    const total = (counts: Map<string, number>) =>
      [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { match, hypothesis: total(ours), reference: total(theirs) };
  });
}

/** Of the whole set, 0 to 1: the counts are summed before they are divided. */
export function chrf(rows: readonly Scored[]): number {
  const scores: { precision: number; recall: number }[] = [];
  for (let order = 0; order < CHRF_ORDER; order++) {
    const sum = { match: 0, hypothesis: 0, reference: 0 };
    for (const row of rows) {
      const counts = row.kind === 'chrf' ? row.orders[order] : undefined;
      if (counts === undefined) continue;
      sum.match += counts.match;
      sum.hypothesis += counts.hypothesis;
      sum.reference += counts.reference;
    }
    if (sum.hypothesis > 0 && sum.reference > 0)
      scores.push({ precision: sum.match / sum.hypothesis, recall: sum.match / sum.reference });
  }
  const precision = ratio(
    scores.reduce((sum, score) => sum + score.precision, 0),
    scores.length,
  );
  const recall = ratio(
    scores.reduce((sum, score) => sum + score.recall, 0),
    scores.length,
  );
  const beta = CHRF_BETA ** 2;
  return ratio((1 + beta) * precision * recall, beta * precision + recall);
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
