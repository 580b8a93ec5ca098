// Settings that belong together, under their title.
import type { ReactNode } from 'react';
import { Section } from '../../../components/page.tsx';

export function SettingsGroup({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string;
  children: ReactNode;
}) {
  return (
    <Section title={title} {...(lead === undefined ? {} : { lead })}>
      <div className="divide-y divide-line rounded-md border border-line bg-raised">{children}</div>
    </Section>
  );
}
