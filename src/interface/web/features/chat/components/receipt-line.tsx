// The quiet line under an answer: who answered where, what it took, and the way to its trace.
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Receipt } from '../../../../../contracts/conversation.ts';
import { usePlaceText } from '../../../components/place-sign.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { PlaceIcon } from './place-icon.tsx';

export function ReceiptLine({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('chat');
  const format = useFormat();
  const cost = useCostText();
  const place = usePlaceText();
  const model = findModel(useModels().data, receipt.model);
  const facts = [
    receipt.tokensPerSecond === null
      ? null
      : t('receipt.speed', { value: format.perSecond(receipt.tokensPerSecond) }),
    t('receipt.tokens', {
      input: format.whole(receipt.usage.input),
      output: format.whole(receipt.usage.output),
    }),
    format.duration(receipt.durationMs),
    cost(receipt.cost),
  ].filter((fact) => fact !== null);
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-xs text-quiet tabular">
      <Tooltip text={receipt.model}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
        <span tabIndex={0} className="rounded-sm">
          {model?.displayName ?? receipt.model}
        </span>
      </Tooltip>
      <Routed receipt={receipt} />
      <Dot />
      <span className="inline-flex items-center gap-1">
        <PlaceIcon place={receipt.place} className="size-3 shrink-0" />
        {place(receipt.place)}
      </span>
      {facts.map((fact) => (
        <Fragment key={fact}>
          <Dot />
          <span>{fact}</span>
        </Fragment>
      ))}
      <Dot />
      <Link
        to="/monitor/$traceId"
        params={{ traceId: receipt.traceId }}
        className="rounded-sm underline decoration-line underline-offset-2 hover:text-ink hover:decoration-current"
      >
        {t('receipt.trace')}
      </Link>
    </p>
  );
}

/** Another model than the one that was named, and why; or nobody, because the answer was known. */
function Routed({ receipt: { routed } }: { receipt: Receipt }) {
  const { t } = useTranslation('chat');
  if (!routed) return null;
  const { asked } = routed;
  const words =
    routed.cache === 'hit'
      ? t('receipt.cached')
      : t(routed.canary === true ? 'receipt.canary' : 'receipt.instead', { asked });
  if (routed.reason === null) return <span>{words}</span>;
  return (
    <Tooltip text={routed.reason}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
      <span tabIndex={0} className="rounded-sm text-needs underline decoration-dotted underline-offset-2">
        {words}
      </span>
    </Tooltip>
  );
}

function Dot() {
  return <span aria-hidden="true">·</span>;
}
