// A word that names a state. The colour is never alone: a dot and the word go with it.
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

const tones = {
  neutral: 'bg-sunken text-quiet',
  accent: 'bg-accent-soft text-accent',
  ready: 'bg-ready-soft text-ready',
  needs: 'bg-needs-soft text-needs',
  failed: 'bg-failed-soft text-failed',
} as const;

export type Tone = keyof typeof tones;

export function Badge({
  tone = 'neutral',
  dot = false,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={cx(
        'inline-flex max-w-full items-center gap-1.5 rounded-full px-2 py-0.5 text-xs',
        tones[tone],
      )}
    >
      {dot ? <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-current" /> : null}
      {children}
    </span>
  );
}
