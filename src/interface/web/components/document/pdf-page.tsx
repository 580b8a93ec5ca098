// One page: drawn on a canvas, its text over it, and the lines of the passage marked.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Box, DocumentPage } from '../../../../contracts/document.ts';
import { useFormat } from '../../lib/format.ts';
import { drawPage, type Pdf } from './pdf-engine.ts';
import './pdf.css';

export interface PdfPageProps {
  /** null while the file is on its way. */
  pdf: Pdf | null;
  page: DocumentPage;
  /** CSS pixels a point. */
  scale: number;
  boxes: readonly Box[];
}

/** Lines are marked a little beyond their first and last letter, in points. */
const BLEED = 1.5;

export function PdfPage({ pdf, page, scale, boxes }: PdfPageProps) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'waiting' | 'drawn' | 'failed'>('waiting');
  useEffect(() => {
    if (!pdf || !canvas.current || !text.current) return;
    const drawing = drawPage({
      pdf,
      page: page.number,
      scale,
      canvas: canvas.current,
      text: text.current,
    });
    drawing.done.then(
      () => setState('drawn'),
      () => setState('failed'),
    );
    return drawing.stop;
  }, [pdf, page.number, scale]);
  const name = t('page_number', { page: format.whole(page.number) });
  return (
    <section
      aria-label={name}
      data-page={page.number}
      data-state={state}
      className="relative shrink-0 overflow-hidden rounded-[2px] bg-sheet shadow-float"
      style={{ width: page.width * scale, height: page.height * scale }}
    >
      {/* Its words are in the text over it. */}
      <canvas ref={canvas} className="absolute inset-0 size-full" />
      {boxes.map((box) => (
        <div
          key={`${box.start} ${box.x} ${box.y}`}
          data-passage=""
          className="absolute rounded-[2px] bg-mark-page mix-blend-multiply"
          style={{
            left: (box.x - BLEED) * scale,
            top: box.y * scale,
            width: (box.width + 2 * BLEED) * scale,
            height: box.height * scale,
          }}
        />
      ))}
      <div ref={text} className="pdf-text" />
      {state === 'failed' ? (
        <p className="absolute inset-x-6 top-1/3 text-center text-sm text-[#5f5b53]">
          {t('viewer.page_failed', { page: format.whole(page.number) })}
        </p>
      ) : null}
      {page.content === 'scan' ? (
        <p className="absolute inset-x-0 bottom-0 bg-needs-soft px-3 py-1.5 text-center text-xs text-ink">
          {t('viewer.scan')}
        </p>
      ) : null}
    </section>
  );
}
