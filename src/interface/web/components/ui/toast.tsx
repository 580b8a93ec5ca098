// Results of work in the background, and the ten seconds in which a deletion can be undone.
import X from 'lucide-react/icons/x';
import * as Radix from 'radix-ui/toast';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';

export interface ToastOptions {
  title: string;
  detail?: string;
  tone?: 'neutral' | 'failed';
  /** Such as Undo. */
  action?: { label: string; onSelect: () => void };
  /** When it has gone, however: its time was over, it was closed, its action was chosen, newer ones took its place. */
  onGone?: () => void;
  /** Ten seconds unless told. */
  durationMs?: number;
}

interface Shown extends ToastOptions {
  id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const watchers = new Set<() => void>();

function change(toasts: readonly Shown[]): void {
  const gone = shown.filter((one) => !toasts.includes(one));
  shown = toasts;
  for (const one of gone) one.onGone?.();
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function toast(options: ToastOptions): void {
  change([...shown.slice(-2), { ...options, id: next++ }]);
}

function dismiss(id: number): void {
  change(shown.filter((one) => one.id !== id));
}

/** Stands once in the page. */
export function Toaster() {
  const { t } = useTranslation('common');
  const toasts = useSyncExternalStore(watch, () => shown);
  return (
    <Radix.Provider label={t('notification')} swipeDirection="right">
      {toasts.map((one) => (
        <Radix.Root
          key={one.id}
          duration={one.durationMs ?? 10_000}
          onOpenChange={(open) => {
            if (!open) dismiss(one.id);
          }}
          className={cx(
            'flex items-center gap-3 rounded-md border bg-raised py-2.5 pr-2 pl-4 shadow-float animate-appear',
            one.tone === 'failed' ? 'border-failed' : 'border-line',
          )}
        >
          <div className="min-w-0 grow">
            <Radix.Title className="text-sm font-semibold">{one.title}</Radix.Title>
            {one.detail ? (
              <Radix.Description className="text-sm text-quiet">{one.detail}</Radix.Description>
            ) : null}
          </div>
          {one.action ? (
            <Radix.Action asChild altText={one.action.label} onClick={one.action.onSelect}>
              <Button size="small">{one.action.label}</Button>
            </Radix.Action>
          ) : null}
          <Radix.Close asChild>
            <IconButton label={t('close')} icon={<X />} size="small" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-20 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none md:bottom-4" />
    </Radix.Provider>
  );
}
