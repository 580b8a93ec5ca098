// A text with its marked places: each label has a colour, and its name stands at the mark.
import { cx } from '../../../../components/ui/cx.ts';
import { type Mark, piecesOf } from '../../lib/highlight.ts';

const colors = [
  'decoration-chart-1',
  'decoration-chart-2',
  'decoration-chart-3',
  'decoration-chart-4',
  'decoration-chart-5',
  'decoration-chart-6',
] as const;

export function MarkedText({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const labels = [...new Set(marks.map(({ label }) => label))];
  return (
    <p className="max-w-[72ch] text-base leading-8 break-words whitespace-pre-wrap">
      {piecesOf(text, marks).map((piece) => {
        const first = piece.labels[0];
        if (first === undefined) return <span key={piece.start}>{piece.text}</span>;
        return (
          <mark
            key={piece.start}
            className={cx(
              'rounded-sm bg-sunken px-0.5 text-ink underline decoration-2 underline-offset-4',
              colors[labels.indexOf(first) % colors.length],
            )}
          >
            {piece.text}
            <span className="ml-1 align-super text-xs text-quiet">{piece.labels.join(', ')}</span>
          </mark>
        );
      })}
    </p>
  );
}
