// One step of the loop: what it is, its figure, and one thing to do.
import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { Skeleton } from '../../../components/ui/skeleton.tsx';

export interface StepFacts {
  figure: string;
  words: string;
  action: {
    label: string;
    to: string;
    search?: Record<string, string>;
    /** Something waits here. */
    wanted?: boolean;
  };
}

export interface StepCardProps {
  number: number;
  title: string;
  about: string;
  /** null: not read yet. */
  facts: StepFacts | null;
  failed: boolean;
}

export function StepCard({ number, title, about, facts, failed }: StepCardProps) {
  return (
    <section
      aria-label={title}
      className={cx(
        'flex min-w-0 flex-col rounded-md border bg-raised px-4 py-3.5 lg:row-span-4 lg:grid lg:grid-rows-subgrid',
        facts?.action.wanted ? 'border-accent' : 'border-line',
      )}
    >
      <h2 className="flex items-center gap-2 text-sm font-semibold">
        <span
          aria-hidden="true"
          className="inline-flex size-5 shrink-0 items-center justify-center rounded-full bg-sunken text-xs text-quiet tabular"
        >
          {number}
        </span>
        {title}
      </h2>
      <p className="mt-1 text-xs text-quiet">{about}</p>
      <div className="mt-3 min-w-0">
        {facts ? (
          <p>
            <span className="block text-lg font-semibold tabular">{facts.figure}</span>
            <span className="block text-sm break-words">{facts.words}</span>
          </p>
        ) : failed ? (
          <p className="text-lg text-quiet">–</p>
        ) : (
          <Skeleton className="h-12" />
        )}
      </div>
      <div className="mt-3 flex flex-col">
        {facts ? (
          <Link
            to={facts.action.to}
            search={(facts.action.search ?? {}) as never}
            className={buttonClass(
              facts.action.wanted ? 'primary' : 'secondary',
              'small',
              'h-auto! min-h-8 py-1 text-center whitespace-normal!',
            )}
          >
            {facts.action.label}
          </Link>
        ) : null}
      </div>
    </section>
  );
}
