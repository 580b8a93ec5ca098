// A few views of one thing.
import * as Radix from 'radix-ui/tabs';
import { type ReactNode, useEffect, useRef } from 'react';

export interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  tabs: readonly { value: T; label: ReactNode; content: ReactNode }[];
}

export function Tabs<T extends string>({ value, onChange, label, tabs }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  // On a phone the tab that is open may lie beyond the edge; the page itself must not move.
  useEffect(() => {
    const bar = list.current;
    const open = bar?.querySelector(`[role=tab][data-tab="${CSS.escape(value)}"]`);
    if (!bar || !open) return;
    const [frame, box] = [bar.getBoundingClientRect(), open.getBoundingClientRect()];
    if (box.right > frame.right) bar.scrollLeft += box.right - frame.right;
    else if (box.left < frame.left) bar.scrollLeft += box.left - frame.left;
  }, [value]);
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.List ref={list} aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            data-tab={tab.value}
            className="-mb-px shrink-0 border-b-2 border-transparent py-2 text-sm font-semibold text-quiet hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
