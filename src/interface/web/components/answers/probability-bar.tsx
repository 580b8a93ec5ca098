// A share of one as a bar; a thin mark shows what it was before a change.
import { cx } from '../ui/cx.ts';

export function ProbabilityBar({
  probability,
  before,
  muted = false,
}: {
  probability: number;
  before?: number;
  muted?: boolean;
}) {
  return (
    <span aria-hidden="true" className="relative block h-3 overflow-hidden rounded-sm bg-sunken">
      <span
        className={cx('absolute inset-y-0 left-0', muted ? 'bg-control' : 'bg-chart-1')}
        style={{ width: `${Math.min(1, Math.max(0, probability)) * 100}%` }}
      />
      {before === undefined ? null : (
        <span
          className="absolute inset-y-0 w-0.5 bg-ink"
          style={{ left: `min(${Math.min(1, before) * 100}%, calc(100% - 2px))` }}
        />
      )}
    </span>
  );
}
