// The document beside the conversation: a column on a wide screen, a sheet over it on a narrow one. Esc closes it.
import { Link } from '@tanstack/react-router';
import Maximize2 from 'lucide-react/icons/maximize-2';
import X from 'lucide-react/icons/x';
import * as Radix from 'radix-ui/dialog';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DocumentView } from '../../../../components/document/document-view.tsx';
import { buttonClass } from '../../../../components/ui/button.tsx';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { Tooltip } from '../../../../components/ui/tooltip.tsx';
import { useDocument } from '../../../../lib/knowledge/documents.ts';
import { type TextRange, writePlace } from '../../../../lib/knowledge/place.ts';
import { useMedia } from '../../../../lib/use-media.ts';

export interface DocumentPanelProps {
  documentId: string;
  /** The passage, as it stands in the address. */
  place: string | undefined;
  onPlace: (place: string) => void;
  onClose: () => void;
}

export function DocumentPanel({ documentId, place, onPlace, onClose }: DocumentPanelProps) {
  const { t } = useTranslation('knowledge');
  const wide = useMedia('(width >= 64rem)');
  const document = useDocument(documentId).data;
  const panel = useRef<HTMLElement>(null);
  // Whoever opened it by keyboard goes on reading in it, and comes back to where they were.
  useEffect(() => {
    if (!wide) return;
    const before = window.document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [wide]);
  const view = (
    <DocumentView
      documentId={documentId}
      place={place}
      onRange={(range: TextRange) => onPlace(writePlace(range))}
      after={
        <>
          {document ? (
            <Tooltip text={t('viewer.full')}>
              <Link
                to="/knowledge/$collectionId/$documentId"
                params={{ collectionId: document.collectionId, documentId }}
                search={place ? { at: place } : {}}
                aria-label={t('viewer.full')}
                className={buttonClass('quiet', 'medium', 'w-9 px-0! text-quiet')}
              >
                <Maximize2 aria-hidden="true" />
              </Link>
            </Tooltip>
          ) : null}
          <IconButton label={t('viewer.close')} icon={<X />} onClick={onClose} />
        </>
      }
    />
  );
  if (wide)
    return (
      <aside
        ref={panel}
        tabIndex={-1}
        aria-label={document?.title ?? t('viewer.document')}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }}
        className="h-full min-w-0 shrink-0 basis-1/2 border-l border-line outline-none"
      >
        {view}
      </aside>
    );
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // The sheet itself: on a button the tooltip would take the first Esc.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          className="fixed inset-x-0 bottom-0 z-40 h-[92dvh] overflow-hidden rounded-t-md border-t border-line bg-paper shadow-float outline-none animate-appear"
        >
          <Radix.Title className="sr-only">{document?.title ?? t('viewer.document')}</Radix.Title>
          {view}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
