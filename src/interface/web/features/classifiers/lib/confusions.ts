// A confusion matrix in words: which label is taken for which other, and how often.
export interface Confusion {
  is: string;
  said: string;
  count: number;
  /** Of all that are this label. */
  share: number;
}

const total = (row: readonly number[] | undefined): number => (row ?? []).reduce((sum, one) => sum + one, 0);

/** The commonest mistakes first. @param matrix row: what it is; column: what was said */
export function topConfusions(
  labels: readonly string[],
  matrix: readonly (readonly number[])[],
  most: number,
): Confusion[] {
  return labels
    .flatMap((is, row) =>
      labels.map((said, column) => {
        const count = matrix[row]?.[column] ?? 0;
        const all = total(matrix[row]);
        return { is, said, count: row === column ? 0 : count, share: all === 0 ? 0 : count / all };
      }),
    )
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || b.share - a.share)
    .slice(0, most);
}

/** Of a row, from 0 to 1: how dark its cell is drawn. */
export function shareOfRow(row: readonly number[], column: number): number {
  const all = total(row);
  return all === 0 ? 0 : (row[column] ?? 0) / all;
}
