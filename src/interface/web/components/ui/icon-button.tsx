// A button that shows only an icon; its label is its tooltip and its accessible name.
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string;
  icon: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
  look?: 'quiet' | 'primary';
  size?: 'small' | 'medium';
}

export function IconButton({
  label,
  icon,
  side,
  look = 'quiet',
  size = 'medium',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(side ? { side } : {})}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-md transition-colors duration-100 disabled:opacity-40 [&_svg]:size-4',
          size === 'small' ? 'size-7' : 'size-9',
          look === 'primary'
            ? 'bg-accent text-on-accent hover:bg-accent-strong'
            : 'text-quiet hover:bg-sunken hover:text-ink data-[state=open]:bg-sunken data-[state=open]:text-ink aria-pressed:text-accent',
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
