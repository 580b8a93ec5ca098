// A text cut at the ends of its marks, so that marked pieces can be drawn; marks that overlap share a piece.
export interface Mark {
  start: number;
  end: number;
  label: string;
}

export interface Piece {
  text: string;
  start: number;
  /** Empty: not marked. */
  labels: string[];
}

/** Marks that lie outside of the text are left out. */
export function piecesOf(text: string, marks: readonly Mark[]): Piece[] {
  const valid = marks.filter(({ start, end }) => start >= 0 && end > start && end <= text.length);
  const cuts = [...new Set([0, text.length, ...valid.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] ?? text.length;
    return {
      text: text.slice(start, end),
      start,
      labels: [
        ...new Set(valid.filter((mark) => mark.start <= start && mark.end >= end).map(({ label }) => label)),
      ],
    };
  });
}
