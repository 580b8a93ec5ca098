// One of a few, each with a sentence that says what it means.
import { useId } from 'react';
import { cx } from './cx.ts';

export interface ChoicesProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; about: string; disabled?: boolean }[];
}

export function Choices<T extends string>({ label, value, onChange, options }: ChoicesProps<T>) {
  const group = useId();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-semibold">{label}</legend>
      <div className={cx('grid gap-2', options.length === 3 ? 'sm:grid-cols-3' : 'sm:grid-cols-2')}>
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'flex cursor-pointer gap-2.5 rounded-md border px-3 py-2.5',
              option.value === value ? 'border-accent bg-accent-soft' : 'border-control bg-raised',
              option.disabled && 'opacity-50',
            )}
          >
            <input
              type="radio"
              name={group}
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={option.value === value}
              disabled={option.disabled ?? false}
              onChange={() => onChange(option.value)}
            />
            <span className="min-w-0">
              <span className="block text-sm font-semibold first-letter:uppercase">{option.label}</span>
              <span className="block text-xs text-quiet">{option.about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
