// A question or a form above the page. Esc and a click beside it close it; on a phone it fills the foot of the screen.
import X from 'lucide-react/icons/x';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** Buttons at the foot, the deciding one last. */
  actions?: ReactNode;
  width?: 'narrow' | 'wide';
  children?: ReactNode;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  actions,
  width = 'narrow',
  children,
}: DialogProps) {
  const { t } = useTranslation('common');
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            // The first field, the text to scroll, or the dialog: the close button's tooltip would take the first Esc.
            event.preventDefault();
            const content = event.currentTarget as HTMLElement;
            const first = content.querySelector<HTMLElement>('input, textarea, select, [data-scrolled-text]');
            (first ?? content).focus();
          }}
          className={cx(
            'fixed z-40 flex max-h-[88dvh] flex-col overflow-hidden rounded-md border border-line bg-raised shadow-float outline-none animate-appear',
            'inset-x-2 bottom-2 sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:-translate-x-1/2 sm:-translate-y-1/2',
            width === 'wide' ? 'sm:w-[44rem]' : 'sm:w-[30rem]',
          )}
        >
          <header className="flex items-start gap-2 px-5 pt-4 pb-3">
            <div className="min-w-0 grow">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="mt-1 text-sm text-quiet">{description}</Radix.Description>
              ) : null}
            </div>
            <Radix.Close asChild>
              <IconButton label={t('close')} icon={<X />} size="small" className="-mr-1.5" />
            </Radix.Close>
          </header>
          {children ? <div className="min-h-0 grow overflow-y-auto px-5 pt-1 pb-5">{children}</div> : null}
          {actions ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {actions}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
