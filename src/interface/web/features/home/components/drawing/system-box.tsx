// One box of the drawing: name, figure, state as a shape and a word. It opens its door; lit, it opens the step at work.
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../../../components/ui/cx.ts';
import { type Box, doorOfBox } from '../../../../lib/system-boxes.ts';
import type { BoxPlace } from '../../lib/drawing-layout.ts';
import type { SeenSpan } from '../../lib/lit-boxes.ts';
import type { BoxFacts, BoxState } from './use-box-facts.ts';

const colors: Record<BoxState, string> = {
  ready: 'text-ready',
  working: 'text-accent',
  needs: 'text-needs',
  off: 'text-quiet',
};

export interface SystemBoxProps {
  box: Box;
  place: BoxPlace;
  facts: BoxFacts;
  lit: SeenSpan | undefined;
}

export function SystemBox({ box, place, facts, lit }: SystemBoxProps) {
  const { t } = useTranslation('home');
  const router = useRouter();
  const { x, y, width, height, shape } = place;
  const name = t(`drawing.box.${box}`);
  const href = lit ? `/monitor/${lit.traceId}?span=${lit.spanId}` : doorOfBox[box];
  const state: BoxState = lit ? 'working' : facts.state;
  const note = lit ? t('drawing.state.working') : facts.note;
  const go = (event: MouseEvent) => {
    // The API page is no page of this program's router; a new tab is the browser's.
    if (href === '/docs' || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(href);
  };
  const row = shape === 'row';
  const left = x + 14;
  const line = row ? y + 22 : y + 24;
  return (
    <a
      href={href}
      onClick={go}
      data-box={box}
      data-lit={lit ? '' : undefined}
      className="group/box outline-none"
    >
      {/* Its name for a screen reader, and a tooltip. */}
      <title>
        {t(lit ? 'drawing.opens_step' : 'drawing.opens', { name, figure: facts.figure, state: note })}
      </title>
      <rect
        x={x + 1}
        y={y + 1}
        width={width - 2}
        height={height - 2}
        rx={8}
        className={cx(
          'transition-colors duration-100 group-focus-visible/box:stroke-accent group-focus-visible/box:stroke-[3]',
          lit
            ? 'fill-accent-soft stroke-accent stroke-2'
            : 'fill-raised stroke-line group-hover/box:stroke-control',
        )}
      />
      <text x={left} y={line} className="fill-ink text-sm font-semibold">
        {name}
      </text>
      <text
        x={row ? x + width - 14 : left}
        y={row ? y + height / 2 + 5 : y + 44}
        textAnchor={row ? 'end' : 'start'}
        className="tabular fill-ink text-sm"
      >
        {facts.figure}
      </text>
      <g className={colors[state]}>
        <StateShape state={state} x={left + 4} y={row ? y + 37 : y + 61} />
        <text x={left + 15} y={row ? y + 41 : y + 65} className="tabular fill-current text-xs">
          {note}
        </text>
      </g>
    </a>
  );
}

/** Each state has a shape of its own, so that colour says nothing alone. */
function StateShape({ state, x, y }: { state: BoxState; x: number; y: number }) {
  switch (state) {
    case 'ready':
      return <circle cx={x} cy={y} r={3.5} className="fill-current" />;
    case 'working':
      return (
        <g className="animate-wait">
          <circle cx={x} cy={y} r={4} className="fill-none stroke-current" strokeWidth={1.5} />
          <circle cx={x} cy={y} r={1.5} className="fill-current" />
        </g>
      );
    case 'needs':
      return <path d={`M${x} ${y - 4.5}l4.5 8h-9z`} className="fill-current" />;
    case 'off':
      return <circle cx={x} cy={y} r={3.5} className="fill-none stroke-current" strokeWidth={1.5} />;
  }
}
