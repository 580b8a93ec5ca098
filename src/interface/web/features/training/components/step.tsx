// One of the numbered steps of an order.
import type { ReactNode } from 'react';

export interface StepProps {
  number: number;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

export function Step({ number, title, lead, children }: StepProps) {
  return (
    <section aria-label={title} className="mb-10">
      <header className="mb-3 flex gap-3">
        <span
          aria-hidden="true"
          className="tabular flex size-6 shrink-0 items-center justify-center rounded-full border border-control text-xs font-semibold text-quiet"
        >
          {number}
        </span>
        <div className="min-w-0">
          <h2 className="text-base leading-6 font-semibold">{title}</h2>
          {lead ? <p className="max-w-2xl text-sm text-quiet">{lead}</p> : null}
        </div>
      </header>
      <div className="sm:pl-9">{children}</div>
    </section>
  );
}
