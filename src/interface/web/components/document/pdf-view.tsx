// A PDF as its pages: only those near the view are drawn, and the passage is marked where its lines stand.

import { useVirtualizer } from '@tanstack/react-virtual';
import Minus from 'lucide-react/icons/minus';
import Plus from 'lucide-react/icons/plus';
import { type RefObject, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Box, DocumentPage, ParsedDocument } from '../../../../contracts/document.ts';
import { useFormat } from '../../lib/format.ts';
import type { TextRange } from '../../lib/knowledge/place.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { openPdf, type Pdf } from './pdf-engine.ts';
import { PdfPage } from './pdf-page.tsx';

const GAP = 16;
const MARGIN = 16;
/** A page is not made wider than this by itself. */
const WIDEST = 900;
const zooms = [0.75, 1, 1.25, 1.5, 2, 3] as const;

export interface PdfViewProps {
  /** Where the bytes are. */
  address: string;
  parsed: ParsedDocument;
  range: TextRange | null;
  scroller: RefObject<HTMLElement | null>;
}

/** The lines of a passage, wherever they stand. */
export function boxesOf(parsed: ParsedDocument, range: TextRange | null): Box[] {
  if (!range) return [];
  return parsed.blocks.flatMap((block) =>
    block.start < range.end && block.end > range.start
      ? (block.boxes ?? []).filter((box) => box.start < range.end && box.end > range.start)
      : [],
  );
}

export function PdfView({ address, parsed, range, scroller }: PdfViewProps) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const { pdf, failure } = usePdf(address);
  const width = useWidth(scroller);
  const [zoom, setZoom] = useState<(typeof zooms)[number]>(1);
  const { pages } = parsed;
  const boxes = useMemo(() => boxesOf(parsed, range), [parsed, range]);
  const scaleOf = (page: DocumentPage | undefined) =>
    page ? (Math.min(WIDEST, Math.max(120, width - 2 * MARGIN)) / page.width) * zoom : 1;
  const heightOf = (page: DocumentPage | undefined) => (page ? page.height * scaleOf(page) : 0) + GAP;
  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(pages[index]),
    overscan: 1,
  });
  const ready = width > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width or zoom makes every page another height
  useLayoutEffect(() => virtual.measure(), [width, zoom]);

  // The first line of the passage comes into the upper third of the view.
  const first = boxes[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new passage moves the view, and the first layout
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || !first || !ready) return;
    const index = pages.findIndex((page) => page.number === first.page);
    const above = pages.slice(0, Math.max(0, index)).reduce((sum, page) => sum + heightOf(page), MARGIN);
    box.scrollTop = Math.max(0, above + first.y * scaleOf(pages[index]) - box.clientHeight / 4);
  }, [boxes, ready]);

  if (failure !== null) return <ErrorState error={failure} className="m-4" />;
  const step = (by: 1 | -1) => setZoom(zooms[zooms.indexOf(zoom) + by] ?? zoom);
  return (
    <>
      <div className="relative" style={{ height: virtual.getTotalSize() + 2 * MARGIN - GAP }}>
        {ready
          ? virtual.getVirtualItems().map((item) => {
              const page = pages[item.index];
              if (!page) return null;
              const scale = scaleOf(page);
              return (
                <div
                  key={item.key}
                  className="absolute inset-x-0 flex overflow-x-auto px-4 [justify-content:safe_center]"
                  style={{ top: item.start + MARGIN }}
                >
                  <PdfPage
                    pdf={pdf}
                    page={page}
                    scale={scale}
                    boxes={boxes.filter((box) => box.page === page.number)}
                  />
                </div>
              );
            })
          : null}
      </div>
      <div className="pointer-events-none sticky bottom-3 flex justify-center">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's */}
        <div
          role="group"
          aria-label={t('viewer.zoom')}
          className="pointer-events-auto flex items-center rounded-md border border-line bg-raised p-0.5 shadow-float"
        >
          <IconButton
            label={t('viewer.zoom_out')}
            icon={<Minus />}
            size="small"
            disabled={zoom === zooms[0]}
            onClick={() => step(-1)}
          />
          <span className="tabular min-w-12 text-center text-xs text-quiet">{format.percent(zoom)}</span>
          <IconButton
            label={t('viewer.zoom_in')}
            icon={<Plus />}
            size="small"
            disabled={zoom === zooms.at(-1)}
            onClick={() => step(1)}
          />
        </div>
      </div>
    </>
  );
}

function usePdf(address: string) {
  const [pdf, setPdf] = useState<Pdf | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    setPdf(null);
    setFailure(null);
    let current = true;
    const opening = openPdf(address);
    opening.pdf.then(
      (opened) => current && setPdf(opened),
      (error: unknown) => current && setFailure(error),
    );
    return () => {
      current = false;
      opening.close();
    };
  }, [address]);
  return { pdf, failure };
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
