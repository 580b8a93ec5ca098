// One setting: what it is, what it does in a sentence, and its control.
import { type ReactNode, useId } from 'react';

export interface SettingRowProps {
  title: string;
  text: string;
  children: (control: { id: string; 'aria-describedby': string }) => ReactNode;
}

export function SettingRow({ title, text, children }: SettingRowProps) {
  const id = useId();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <label htmlFor={id} className="font-semibold">
          {title}
        </label>
        <p id={`${id}-text`} className="max-w-xl text-quiet">
          {text}
        </p>
      </div>
      {children({ id, 'aria-describedby': `${id}-text` })}
    </div>
  );
}
