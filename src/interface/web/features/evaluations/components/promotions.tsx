// After the switch: who is asked now, how large a share of the conversations, the way back, and what was before.
import { Link } from '@tanstack/react-router';
import Undo2 from 'lucide-react/icons/undo-2';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Promotion } from '../../../../../contracts/tuned-model.ts';
import { Section } from '../../../components/page.tsx';
import { ShowMore } from '../../../components/show-more.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Slider } from '../../../components/ui/slider.tsx';
import { useFormat } from '../../../lib/format.ts';
import { usePromotions } from '../../../lib/learning.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { useRollBack, useSetShare } from '../api/promotions.ts';

/** Of the models that this evaluation asked; another evaluation's have nothing to do here. */
export function Promotions({ models }: { models: readonly string[] }) {
  const { t } = useTranslation('evaluations');
  const promotions = usePromotions({ models });
  const list = useModels().data;
  const named = (model: string | null) =>
    model === null ? t('promotion.nothing') : (findModel(list, model)?.displayName ?? model);
  const shown = promotions.data ?? [];
  const active = shown.filter(({ state }) => state === 'active');
  const past = shown.filter(({ state }) => state !== 'active');
  const section = useRef<HTMLDivElement>(null);
  const inForce = promotions.data === undefined ? null : active.map(({ id }) => id).join(' ');
  const before = useRef(inForce);
  // A switch, or the way back, takes its button away, and with it the place on the page: what it came to is the next one.
  useEffect(() => {
    if (before.current !== null && before.current !== inForce && document.activeElement === document.body)
      section.current?.focus();
    before.current = inForce;
  }, [inForce]);
  if (promotions.error)
    return <ErrorState className="mb-8" error={promotions.error} onRetry={() => void promotions.refetch()} />;
  if (shown.length === 0) return null;
  return (
    <Section id="switched" title={t('promotion.title')}>
      <div ref={section} tabIndex={-1} className="scroll-mt-16 rounded-md">
        {active.map((one) => (
          <Active key={one.id} promotion={one} named={named} />
        ))}
        {past.length > 0 ? <Past promotions={past} named={named} /> : null}
        <ShowMore shown={shown.length} list={promotions} />
      </div>
    </Section>
  );
}

function Active({ promotion, named }: { promotion: Promotion; named: (model: string | null) => string }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const maySwitch = useRights().may('providers');
  const setShare = useSetShare(promotion.id);
  const rollBack = useRollBack(promotion.id);
  const [share, setShown] = useState(promotion.share);
  const canary = promotion.share < 1;
  return (
    <div className="mb-4 rounded-md border border-line bg-raised px-4 py-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="text-base font-semibold break-words">
            {canary
              ? t('promotion.canary', {
                  alias: promotion.alias,
                  to: named(promotion.to),
                  share: format.percent(promotion.share),
                })
              : t('promotion.whole', { alias: promotion.alias, to: named(promotion.to) })}
          </p>
          <p className="mt-0.5 text-sm break-words text-quiet">
            {canary
              ? t('promotion.rest', { from: named(promotion.from) })
              : t('promotion.before', { from: named(promotion.from) })}
            {' · '}
            {format.ago(promotion.createdAt)}
          </p>
        </div>
        <Button
          icon={<Undo2 />}
          busy={rollBack.isPending}
          disabled={!maySwitch}
          onClick={() => rollBack.mutate()}
        >
          {t('promotion.roll_back')}
        </Button>
      </div>
      {canary ? (
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="min-w-48 grow">
            <Slider
              label={t('gate.share')}
              value={share}
              valueText={format.percent(share)}
              onChange={setShown}
              min={0.05}
              max={1}
              step={0.05}
              disabled={!maySwitch}
            />
          </div>
          <span className="tabular w-14 text-right text-sm">{format.percent(share)}</span>
          <Button
            busy={setShare.isPending}
            disabled={!maySwitch || share === promotion.share}
            onClick={() => setShare.mutate(share)}
          >
            {share === 1 ? t('promotion.make_whole') : t('promotion.set_share')}
          </Button>
        </div>
      ) : null}
      {rollBack.error || setShare.error ? (
        <ErrorState className="mt-3" error={rollBack.error ?? setShare.error} />
      ) : null}
    </div>
  );
}

function Past({
  promotions,
  named,
}: {
  promotions: readonly Promotion[];
  named: (model: string | null) => string;
}) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  return (
    <ul
      aria-label={t('promotion.past')}
      className="divide-y divide-line rounded-md border border-line text-sm"
    >
      {promotions.map((one) => (
        <li key={one.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2">
          <span className="font-mono">{one.alias}</span>
          <span className="min-w-0 grow basis-48 break-words text-quiet">
            {named(one.from)} → {named(one.to)}
            {one.share < 1 ? ` (${format.percent(one.share)})` : ''}
          </span>
          <Badge tone={one.state === 'rolled_back' ? 'needs' : 'neutral'}>
            {t(`promotion.${one.state}`)}
          </Badge>
          <Link
            to="/improve/evaluations/$id"
            params={{ id: one.evaluationId }}
            className="tabular text-xs text-quiet underline decoration-line underline-offset-2 hover:text-ink"
          >
            {format.ago(one.endedAt ?? one.createdAt)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
