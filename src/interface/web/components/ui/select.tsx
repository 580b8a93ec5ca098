// A choice out of a known list. Values are never empty: give "no choice" a word of its own.
import Check from 'lucide-react/icons/check';
import ChevronDown from 'lucide-react/icons/chevron-down';
import * as Radix from 'radix-ui/select';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { controlClass } from './input.tsx';

export interface SelectOption<T extends string> {
  value: T;
  label: ReactNode;
  hint?: ReactNode;
}

export interface SelectProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  /** Accessible name, where no <label> points at `id`. */
  label?: string;
  id?: string;
  className?: string;
  disabled?: boolean;
  /** Shown while `value` is '': nothing is chosen yet. */
  placeholder?: string;
  'aria-describedby'?: string;
}

export function Select<T extends string>({
  value,
  onChange,
  options,
  label,
  id,
  className,
  disabled,
  placeholder,
  ...rest
}: SelectProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      {...(disabled ? { disabled } : {})}
    >
      <Radix.Trigger
        id={id}
        aria-label={label}
        aria-describedby={rest['aria-describedby']}
        className={cx(
          controlClass,
          'flex h-9 items-center justify-between gap-2 pr-2 pl-3 text-left',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon className="text-quiet">
          <ChevronDown className="size-4" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-md border border-line bg-raised shadow-float"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="relative flex cursor-default flex-col rounded-sm py-1.5 pr-3 pl-8 text-sm outline-none select-none data-[highlighted]:bg-sunken"
              >
                <Radix.ItemIndicator className="absolute top-2 left-2.5 text-accent">
                  <Check className="size-4" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint ? <span className="text-xs text-quiet">{option.hint}</span> : null}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
