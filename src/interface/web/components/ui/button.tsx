// A button with a word on it. One primary a page; quiet ones carry no border.
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border border-transparent',
  secondary: 'bg-raised text-ink border border-control hover:bg-sunken',
  quiet: 'text-ink border border-transparent hover:bg-sunken',
  danger: 'bg-raised text-failed border border-failed hover:bg-failed-soft',
} as const;

const sizes = {
  small: 'h-8 px-2.5 gap-1.5',
  medium: 'h-9 px-3.5 gap-2',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  icon?: ReactNode;
  /** Work is under way: the button waits and says so to screen readers. */
  busy?: boolean;
}

/** The same dress for a link that acts as a button. */
export function buttonClass(
  look: keyof typeof looks = 'secondary',
  size: keyof typeof sizes = 'medium',
  extra?: string,
): string {
  return cx(
    'inline-flex items-center justify-center rounded-md text-sm whitespace-nowrap select-none',
    'transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    looks[look],
    sizes[size],
    size === 'small' && look !== 'primary' ? 'font-normal' : 'font-semibold',
    extra,
  );
}

export function Button({
  look,
  size,
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={buttonClass(look, size, cx(busy && 'animate-wait', className))}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
