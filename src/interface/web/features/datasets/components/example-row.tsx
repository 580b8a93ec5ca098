// A row of the review: what is asked, what is wanted, where it stands.
import EyeOff from 'lucide-react/icons/eye-off';
import { useTranslation } from 'react-i18next';
import type { Example } from '../../../../../contracts/dataset.ts';
import { cx } from '../../../components/ui/cx.ts';
import { linesOf } from '../lib/example-text.ts';
import { ExampleMark } from './example-status.tsx';

export interface ExampleRowProps {
  example: Example;
  current: boolean;
  chosen: boolean;
  mayChange: boolean;
  onOpen: () => void;
  onChoose: (chosen: boolean) => void;
}

export function ExampleRow({ example, current, chosen, mayChange, onOpen, onChoose }: ExampleRowProps) {
  const { t } = useTranslation('datasets');
  const { asked, wanted } = linesOf(example.body);
  return (
    <div
      className={cx(
        'flex h-full items-stretch border-b border-line',
        current ? 'bg-accent-soft' : 'hover:bg-sunken',
        example.status === 'rejected' && !current && 'text-quiet',
      )}
    >
      {mayChange ? (
        <label className="flex w-10 shrink-0 cursor-pointer items-center justify-center">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            aria-label={t('review.select')}
            checked={chosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        </label>
      ) : (
        <span className="w-3 shrink-0" />
      )}
      <button
        type="button"
        aria-current={current ? 'true' : undefined}
        onClick={onOpen}
        className="flex min-w-0 grow items-center gap-2 pr-3 text-left -outline-offset-2"
      >
        <span className="min-w-0 grow">
          <span className={cx('block truncate text-sm', example.status === 'rejected' && 'line-through')}>
            {asked}
          </span>
          <span className="block truncate text-xs text-quiet">{wanted}</span>
        </span>
        {example.findings.length > 0 ? (
          <>
            <EyeOff aria-hidden="true" className="size-4 shrink-0 text-needs" />
            <span className="sr-only">{t('filter.findings')}</span>
          </>
        ) : null}
        <ExampleMark status={example.status} />
      </button>
    </div>
  );
}
