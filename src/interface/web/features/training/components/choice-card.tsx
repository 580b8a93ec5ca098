// One of a few choices that need a sentence each: a radio button the size of a card.
import type { ReactNode } from 'react';
import { cx } from '../../../components/ui/cx.ts';

export interface ChoiceCardProps {
  name: string;
  value: string;
  checked: boolean;
  onChoose: () => void;
  title: ReactNode;
  text: ReactNode;
  disabled?: boolean;
}

export function ChoiceCard({
  name,
  value,
  checked,
  onChoose,
  title,
  text,
  disabled = false,
}: ChoiceCardProps) {
  return (
    <label
      className={cx(
        'flex gap-3 rounded-md border px-4 py-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        checked
          ? 'border-accent bg-accent-soft'
          : disabled
            ? 'border-line bg-sunken'
            : 'border-control bg-raised hover:bg-sunken',
        disabled ? '' : 'cursor-pointer',
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0">
        <span className="block text-sm font-semibold break-words">{title}</span>
        <span className="block text-sm text-quiet">{text}</span>
      </span>
    </label>
  );
}
