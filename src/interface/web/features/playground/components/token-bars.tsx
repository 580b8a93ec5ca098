// The likeliest next tokens as bars, and all others as one.
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NextToken, NextTokens } from '../../../../../contracts/playground.ts';
import { ProbabilityBar } from '../../../components/answers/probability-bar.tsx';
import { useVisibleToken } from '../../../components/answers/visible-token.ts';
import { PlaceSign } from '../../../components/place-sign.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { type Shaped, type ShapedToken, shape } from '../../../lib/answers/distribution.ts';

const FIRST_SHOWN = 15;
const row =
  'grid w-full grid-cols-[minmax(0,9rem)_1fr_4.5rem] items-center gap-3 px-2 py-1 text-left text-sm';

export interface TokenBarsProps {
  found: NextTokens;
  temperature: number;
  topP: number;
  onTake: (token: string) => void;
}

/** A piece of a character cannot be taken as text. */
const canTake = ({ token, control }: NextToken): boolean =>
  !control && token !== '' && !token.includes('\ufffd');

export function TokenBars({ found, temperature, topP, onTake }: TokenBarsProps) {
  const { t } = useTranslation('playground');
  const [shown, setShown] = useState(FIRST_SHOWN);
  const shaped = useMemo(() => shape(found, { temperature, topP }), [found, temperature, topP]);
  const kept = shaped.tokens.filter((one) => one.kept).length;
  return (
    <>
      <p className="mb-2 text-xs text-quiet">{t('next.explain')}</p>
      <ol className="flex flex-col">
        {found.tokens.slice(0, shown).map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two tokens may have the same text
          <li key={`${index} ${token.token}`}>
            <Bar token={token} shaped={shaped.tokens[index]} onTake={onTake} />
          </li>
        ))}
        <li>
          <Others found={found} shaped={shaped} shown={shown} />
        </li>
      </ol>
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-quiet">
        <span>{shaped.rest.kept ? t('next.kept_all') : t('next.kept', { count: kept })}</span>
        <PlaceSign place={found.place} />
        <Link to="/monitor/$traceId" params={{ traceId: found.traceId }} className="underline">
          {t('facts.trace')}
        </Link>
      </p>
      {shaped.restUnknown ? <p className="mt-1 text-xs text-needs">{t('next.rest_unknown')}</p> : null}
      {shown < found.tokens.length ? (
        <Button size="small" look="quiet" className="mt-2" onClick={() => setShown((now) => now + 35)}>
          {t('next.more')}
        </Button>
      ) : null}
    </>
  );
}

/** Two digits that count, down to a hundredth of a percent, as the language writes them. */
function usePercent(): (share: number) => string {
  const { i18n } = useTranslation('playground');
  return useMemo(() => {
    const percent = (digits: number) =>
      new Intl.NumberFormat(i18n.language, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
    const [none, one, two] = [percent(0), percent(1), percent(2)];
    return (share) => {
      if (share === 0) return none.format(0);
      return share < 0.0001 ? `< ${two.format(0.0001)}` : (share < 0.1 ? two : one).format(share);
    };
  }, [i18n.language]);
}

interface BarProps {
  token: NextToken;
  shaped: ShapedToken | undefined;
  onTake: (token: string) => void;
}

function Bar({ token, shaped, onTake }: BarProps) {
  const { t } = useTranslation('playground');
  const percent = usePercent();
  const visible = useVisibleToken();
  const before = Math.exp(token.logprob);
  const probability = shaped?.probability ?? 0;
  const cut = !(shaped?.kept ?? false);
  const name = visible(token.token);
  const inner = (
    <>
      <span className={cx('truncate font-mono', cut && 'text-quiet line-through')}>
        {token.control ? (
          <span className="font-sans text-quiet">{t('next.control', { token: name })}</span>
        ) : (
          name
        )}
      </span>
      <ProbabilityBar probability={probability} before={before} muted={cut} />
      <span className="text-right text-xs tabular">{cut ? t('next.cut') : percent(probability)}</span>
    </>
  );
  if (!canTake(token)) return <div className={row}>{inner}</div>;
  return (
    <button
      type="button"
      className={cx(row, 'rounded-sm hover:bg-sunken')}
      onClick={() => onTake(token.token)}
    >
      {inner}
      <span className="sr-only">{t('next.take')}</span>
    </button>
  );
}

/** What the list does not show: its tokens further down, and the rest of the vocabulary. */
function Others({ found, shaped, shown }: { found: NextTokens; shaped: Shaped; shown: number }) {
  const { t } = useTranslation('playground');
  const percent = usePercent();
  const probability = shaped.tokens
    .slice(shown)
    .reduce((sum, one) => sum + one.probability, shaped.rest.probability);
  const before = found.tokens.slice(shown).reduce((sum, { logprob }) => sum + Math.exp(logprob), found.rest);
  return (
    <div className={row}>
      <span className="truncate text-quiet">{t('next.others')}</span>
      <ProbabilityBar probability={probability} before={before} muted />
      <span className="text-right text-xs tabular">{percent(probability)}</span>
    </div>
  );
}
