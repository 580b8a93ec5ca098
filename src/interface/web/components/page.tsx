// A door's page: one title, one primary action at the top right, and the browser tab named after it.
import { type ReactNode, useEffect } from 'react';
import { cx } from './ui/cx.ts';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Atelier' : `${title} · Atelier`;
  }, [title]);
}

export interface PageProps {
  title: string;
  /** One quiet sentence under the title. */
  lead?: ReactNode;
  action?: ReactNode;
  /** A way back, over the title. */
  above?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, lead, action, above, wide = false, children }: PageProps) {
  usePageTitle(title);
  return (
    <div
      className={cx('mx-auto w-full px-4 pt-6 pb-16 md:px-8 md:pt-10', wide ? 'max-w-[84rem]' : 'max-w-4xl')}
    >
      {above}
      <header className="mb-6 md:mb-8">
        <div className="flex items-start justify-between gap-4">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight">{title}</h1>
          {action ? <div className="flex shrink-0 gap-2 pt-0.5">{action}</div> : null}
        </div>
        {lead ? <div className="mt-1 max-w-2xl text-sm text-quiet">{lead}</div> : null}
      </header>
      {children}
    </div>
  );
}

export interface SectionProps {
  id?: string;
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

export function Section({ id, title, lead, action, children }: SectionProps) {
  return (
    <section id={id} aria-label={title} className="mb-10 scroll-mt-6">
      <header className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2 sm:flex-nowrap">
        <div className="min-w-0 basis-full sm:basis-auto">
          <h2 className="text-base font-semibold">{title}</h2>
          {lead ? <p className="max-w-2xl text-sm text-quiet">{lead}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

/** A list of rows in one frame. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line overflow-hidden rounded-md border border-line bg-raised"
    >
      {children}
    </ul>
  );
}
