// A score from 0 to 1 as a bar with the whiskers of its interval; the figures stand beside it.
import type { Interval } from '../../../../../contracts/evaluation.ts';

const clamp = (value: number) => Math.min(1, Math.max(0, value)) * 100;

export function IntervalBar({ score }: { score: Interval }) {
  const low = clamp(score.low);
  const high = clamp(score.high);
  return (
    <span aria-hidden="true" className="relative block h-4 w-full min-w-28">
      <span className="absolute inset-x-0 top-1 h-2 rounded-sm bg-pressed" />
      <span
        className="absolute top-1 left-0 h-2 rounded-sm bg-chart-1"
        style={{ width: `${clamp(score.value)}%` }}
      />
      <span
        className="absolute top-2 -mt-px h-0.5 bg-ink"
        style={{ left: `${low}%`, width: `${Math.max(0, high - low)}%` }}
      />
      {[low, high].map((at, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the low end and the high one
          key={i}
          className="absolute top-0.5 -ml-px h-3 w-0.5 bg-ink"
          style={{ left: `${at}%` }}
        />
      ))}
    </span>
  );
}
