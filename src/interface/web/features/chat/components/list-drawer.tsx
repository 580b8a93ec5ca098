// The list of conversations as a drawer, where the screen has no room for it beside the chat.
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface ListDrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

export function ListDrawer({ open, onOpenChange, children }: ListDrawerProps) {
  const { t } = useTranslation('chat');
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil 2xl:hidden" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-40 w-80 max-w-[85vw] border-r border-line bg-paper shadow-float outline-none 2xl:hidden"
        >
          <Radix.Title className="sr-only">{t('list.label')}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
