// The system as drawn: seven boxes with arrows, a live figure and a state in each, the path of a run lit step by step.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { boxes } from '../../../../lib/system-boxes.ts';
import { useOverview } from '../../api/overview.ts';
import { type Arrow, drawingLayout } from '../../lib/drawing-layout.ts';
import { SystemBox } from './system-box.tsx';
import { useBoxFacts } from './use-box-facts.ts';
import { useLitBoxes } from './use-lit-boxes.ts';

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

export function SystemDrawing() {
  const { t } = useTranslation(['home', 'common']);
  const { ref, width } = useWidth();
  const { data, error, refetch } = useOverview();
  const facts = useBoxFacts();
  const lit = useLitBoxes();
  const layout = width === null || width === 0 ? null : drawingLayout(width);
  const shown = data ? facts(data) : null;
  /** What reaches monitoring comes from a part that is at work itself. */
  const isLit = ({ from, to }: Arrow) => Boolean(lit[to] && (to !== 'monitoring' || lit[from]));
  return (
    <section aria-labelledby="drawing" className="mt-12">
      <h2 id="drawing" className="mb-3 text-sm text-quiet">
        {t('drawing.title')}
      </h2>
      <p className="sr-only">{t('drawing.about')}</p>
      <div ref={ref}>
        {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!shown && !error ? (
          <div role="status" aria-label={t('common:loading')}>
            <Skeleton className="h-80" />
          </div>
        ) : null}
        {layout && shown ? (
          // biome-ignore lint/a11y/useSemanticElements: a group of links inside a picture has no HTML element
          <svg
            width={layout.width}
            height={layout.height}
            viewBox={`0 0 ${layout.width} ${layout.height}`}
            role="group"
            aria-labelledby="drawing"
            className="block max-w-full overflow-visible"
          >
            <defs>
              {(['quiet', 'lit'] as const).map((tone) => (
                <marker
                  key={tone}
                  id={`arrow-${tone}`}
                  viewBox="0 0 8 8"
                  refX={2}
                  refY={4}
                  markerWidth={8}
                  markerHeight={8}
                  markerUnits="userSpaceOnUse"
                  orient="auto"
                >
                  <path d="M0 0l8 4-8 4z" className={tone === 'lit' ? 'fill-accent' : 'fill-control'} />
                </marker>
              ))}
            </defs>
            <g>
              {/* Lit arrows last, so that they lie on top where lines share a way. */}
              {[...layout.arrows]
                .sort((a, b) => Number(isLit(a)) - Number(isLit(b)))
                .map((arrow) => ({ ...arrow, on: isLit(arrow) }))
                .map(({ from, to, path, on }) => (
                  <path
                    key={from + to}
                    d={path}
                    fill="none"
                    markerEnd={`url(#arrow-${on ? 'lit' : 'quiet'})`}
                    className={on ? 'stroke-accent stroke-2' : 'stroke-control'}
                    strokeDasharray={to === 'monitoring' ? '3 4' : undefined}
                  />
                ))}
            </g>
            {boxes.map((box) => (
              <SystemBox key={box} box={box} place={layout.boxes[box]} facts={shown[box]} lit={lit[box]} />
            ))}
          </svg>
        ) : null}
      </div>
    </section>
  );
}
