// A line of text.
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export const controlClass =
  'w-full rounded-md border border-control bg-raised text-sm text-ink aria-invalid:border-failed disabled:opacity-60';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cx(controlClass, 'h-9 px-3', className)} {...rest} />;
}
