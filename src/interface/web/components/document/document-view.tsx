// A document with the passage that is asked for: pages or text, its passages, its original. Stands on a page of its own
// or beside something else.
import Download from 'lucide-react/icons/download';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../contracts/knowledge.ts';
import {
  isWaiting,
  originalAddress,
  useDocument,
  useDocumentContent,
  useRetryDocument,
} from '../../lib/knowledge/documents.ts';
import { readPlace, type TextRange } from '../../lib/knowledge/place.ts';
import { onShowAgain } from '../../lib/knowledge/show-again.ts';
import { buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { HeadingLevel } from './block-view.tsx';
import { DocumentFacts } from './document-facts.tsx';
import { PassagesView } from './passages-view.tsx';
import { TextView } from './text-view.tsx';

const PdfView = lazy(async () => ({ default: (await import('./pdf-view.tsx')).PdfView }));

const views = ['pages', 'text', 'passages'] as const;
type View = (typeof views)[number];

export interface DocumentViewProps {
  documentId: string;
  /** The passage to show, as it stands in an address. */
  place: string | undefined;
  onRange: (range: TextRange) => void;
  /** Before the title, such as a way back. */
  before?: ReactNode;
  /** After the buttons, such as one that closes. */
  after?: ReactNode;
  /** Its title is the page's heading. */
  wholePage?: boolean;
}

export function DocumentView({
  documentId,
  place,
  onRange,
  before,
  after,
  wholePage = false,
}: DocumentViewProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const found = useDocument(documentId);
  const document = found.data;
  const [asked, setAsked] = useState(0);
  useEffect(() => onShowAgain(() => setAsked((count) => count + 1)), []);
  // The same object while the place is the same: only a new place, or asking for it again, moves the view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again makes a new object of the same place
  const range = useMemo(() => readPlace(place), [place, asked]);
  const [view, setView] = useState<View | null>(null);
  const Title = wholePage ? 'h1' : 'h2';
  const hasPages = document?.kind === 'pdf';
  const shown: View = view && (view !== 'pages' || hasPages) ? view : hasPages ? 'pages' : 'text';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document opens in its own form
  useEffect(() => setView(null), [documentId]);
  return (
    <HeadingLevel value={wholePage ? 1 : 2}>
      <div className="flex h-full min-h-0 flex-col bg-paper">
        <header className="flex shrink-0 items-start gap-1 border-b border-line px-3 pt-2.5 pb-2 md:px-4">
          {before}
          <div className="min-w-0 grow pt-1">
            <Title className="truncate text-base leading-6 font-semibold" title={document?.path}>
              {document?.title ?? t('viewer.document')}
            </Title>
            {document ? <DocumentFacts document={document} /> : null}
          </div>
          {document ? (
            <Tooltip text={t('viewer.download')}>
              <a
                href={originalAddress(documentId, 'download')}
                download
                aria-label={t('viewer.download')}
                className={buttonClass('quiet', 'medium', 'w-9 px-0! text-quiet')}
              >
                <Download aria-hidden="true" />
              </a>
            </Tooltip>
          ) : null}
          {after}
        </header>
        {document?.status === 'ready' ? (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
          <div
            role="group"
            aria-label={t('viewer.views')}
            className="flex shrink-0 gap-4 border-b border-line px-4 md:px-5"
          >
            {views
              .filter((one) => one !== 'pages' || hasPages)
              .map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={one === shown}
                  onClick={() => setView(one)}
                  className={cx(
                    '-mb-px border-b-2 py-1.5 text-sm',
                    one === shown
                      ? 'border-accent font-semibold text-ink'
                      : 'border-transparent text-quiet hover:text-ink',
                  )}
                >
                  {t(`viewer.view.${one}`)}
                </button>
              ))}
          </div>
        ) : null}
        {found.error ? (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} className="m-4" />
        ) : null}
        {found.isPending ? (
          <SkeletonRows rows={6} label={t('common:loading')} className="mx-4 mt-4 w-auto" />
        ) : null}
        {document ? (
          <Body
            key={documentId}
            document={document}
            view={shown}
            range={range}
            onRange={(next) => {
              setView(hasPages ? 'pages' : 'text');
              onRange(next);
            }}
          />
        ) : null}
      </div>
    </HeadingLevel>
  );
}

interface BodyProps {
  document: KnowledgeDocument;
  view: View;
  range: TextRange | null;
  onRange: (range: TextRange) => void;
}

function Body({ document, view, range, onRange }: BodyProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const scroller = useRef<HTMLElement>(null);
  const retry = useRetryDocument();
  const content = useDocumentContent(document.id, document.status === 'ready');
  const waiting = <SkeletonRows rows={6} label={t('common:loading')} className="mx-4 mt-4 w-auto" />;
  if (isWaiting(document))
    return (
      <p className="px-4 py-14 text-center text-sm text-quiet">
        {t(`viewer.${document.status === 'queued' ? 'queued' : 'reading'}`)}
      </p>
    );
  if (document.status !== 'ready')
    return (
      <div className="p-4">
        <ErrorState
          error={document.error ?? { code: 'cancelled', message: 'Cancelled.', data: {}, retryable: true }}
          onRetry={() => retry.mutate(document.id)}
        />
      </div>
    );
  if (content.error)
    return <ErrorState error={content.error} onRetry={() => void content.refetch()} className="m-4" />;
  if (!content.data) return waiting;
  const { parsed } = content.data;
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={document.title}
      className={cx(
        'relative min-h-0 grow overflow-y-auto overscroll-contain',
        view === 'pages' && 'bg-pressed',
      )}
    >
      {view === 'pages' ? (
        <Suspense fallback={waiting}>
          <PdfView
            address={originalAddress(document.id, 'inline')}
            parsed={parsed}
            range={range}
            scroller={scroller}
          />
        </Suspense>
      ) : null}
      {view === 'text' ? <TextView blocks={parsed.blocks} range={range} language={parsed.language} /> : null}
      {view === 'passages' ? <PassagesView document={document} range={range} onOpen={onRange} /> : null}
    </section>
  );
}
