// An answer with each token coloured by its probability; pointing at one, or moving to it by the arrow keys, shows what
// else the model thought of.
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DrawnToken, drawnTokens, type Piece } from '../../lib/answers/answer-state.ts';
import { useFormat } from '../../lib/format.ts';
import { cx } from '../ui/cx.ts';
import { ProbabilityBar } from './probability-bar.tsx';
import { useVisibleToken } from './visible-token.ts';

/** The less likely, the stronger; below the last limit a dotted line goes with the colour. */
const steps = [
  { from: 0.9, class: '' },
  { from: 0.5, class: 'bg-[color-mix(in_oklab,var(--chart-2)_12%,transparent)]' },
  { from: 0.2, class: 'bg-[color-mix(in_oklab,var(--chart-2)_22%,transparent)]' },
  { from: 0.05, class: 'bg-[color-mix(in_oklab,var(--chart-2)_34%,transparent)]' },
  {
    from: 0,
    class:
      'bg-[color-mix(in_oklab,var(--chart-2)_34%,transparent)] underline decoration-dotted underline-offset-4',
  },
] as const;

const stepOf = (probability: number): string => steps.find(({ from }) => probability >= from)?.class ?? '';

const Token = memo(function Token({
  token,
  index,
  active,
}: {
  token: DrawnToken;
  index: number;
  active: boolean;
}) {
  return (
    <span
      data-token={index}
      className={cx(
        'rounded-[2px]',
        token.scored ? stepOf(Math.exp(token.scored.logprob)) : '',
        active && 'outline-2 outline-accent',
      )}
    >
      {token.text}
    </span>
  );
});

export function TokenText({ pieces }: { pieces: readonly Piece[] }) {
  const { t } = useTranslation('playground');
  const tokens = useMemo(() => drawnTokens(pieces), [pieces]);
  const [active, setActive] = useState<number | null>(null);
  const shown = active === null ? undefined : tokens[active];

  const onPointer = (event: PointerEvent<HTMLElement>) => {
    const { token } = (event.target as HTMLElement).dataset;
    if (token !== undefined) setActive(Number(token));
  };
  const onKey = (event: KeyboardEvent) => {
    const last = tokens.length - 1;
    const at = active ?? -1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    setActive(Math.min(last, Math.max(0, to)));
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds controls, and this is a text */}
      <div
        role="group"
        aria-label={t('tokens.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the tokens
        tabIndex={0}
        className="rounded-sm text-sm break-words whitespace-pre-wrap"
        onPointerOver={onPointer}
        onPointerDown={onPointer}
        onKeyDown={onKey}
      >
        {tokens.map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is known by its place
          <Token key={index} token={token} index={index} active={index === active} />
        ))}
      </div>
      <div aria-live="polite" className="mt-3 min-h-20 border-t border-line pt-2 text-xs">
        {shown?.scored ? <Alternatives token={shown} /> : <p className="text-quiet">{t('tokens.hint')}</p>}
      </div>
    </div>
  );
}

function Alternatives({ token: { text, scored } }: { token: DrawnToken }) {
  const { t } = useTranslation('playground');
  const format = useFormat();
  const visible = useVisibleToken();
  if (scored === null) return null;
  const own = Math.exp(scored.logprob);
  const rows = scored.top.length > 0 ? scored.top : [scored];
  return (
    <>
      <p className="mb-1.5">{t('tokens.chosen', { token: visible(text), percent: format.percent(own) })}</p>
      <ul className="flex flex-col gap-1">
        {rows.map((one) => {
          const probability = Math.exp(one.logprob);
          return (
            <li key={one.token} className="grid grid-cols-[minmax(0,7rem)_1fr_2.75rem] items-center gap-2">
              <span className={cx('truncate font-mono', one.token === scored.token && 'font-semibold')}>
                {visible(one.token)}
              </span>
              <ProbabilityBar probability={probability} />
              <span className="text-right tabular">{format.percent(probability)}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
