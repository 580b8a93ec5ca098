// A list with nothing in it: what would be here, and one action.
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  /** Where the state is the whole page, its title is the page's heading. */
  wholePage?: boolean;
}

export function EmptyState({ icon, title, text, action, wholePage = false }: EmptyStateProps) {
  const Title = wholePage ? 'h1' : 'p';
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-14 text-center">
      {icon ? <span className="mb-1 text-quiet [&_svg]:size-6">{icon}</span> : null}
      <Title className="text-base font-semibold">{title}</Title>
      {text ? <p className="max-w-md text-sm text-balance text-quiet">{text}</p> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
