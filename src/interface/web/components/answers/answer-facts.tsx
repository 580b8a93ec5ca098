// What an answer took, figure by figure, with its place and the way to its trace.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { noticesOf } from '../../../../contracts/notice.ts';
import type { AnswerState } from '../../lib/answers/answer-state.ts';
import { useCostText, useFormat } from '../../lib/format.ts';
import { useNoticeText } from '../../lib/notice-text.ts';
import { PlaceSign } from '../place-sign.tsx';

const reasons = ['stop', 'length', 'content-filter', 'tool-calls', 'error', 'other'] as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-quiet">{name}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  );
}

export function AnswerFacts({ state: { receipt, start } }: { state: AnswerState }) {
  const { t } = useTranslation('playground');
  const format = useFormat();
  const costText = useCostText();
  const notice = useNoticeText();
  if (start === null) return null;
  const reason = reasons.find((one) => one === receipt?.finishReason) ?? 'other';
  return (
    <div className="border-t border-line pt-2 text-xs">
      {receipt ? (
        <dl className="mb-2 grid grid-cols-3 gap-x-3 gap-y-1.5 tabular">
          <Fact name={t('facts.first')}>
            {receipt.timeToFirstTokenMs === null ? '–' : format.duration(receipt.timeToFirstTokenMs)}
          </Fact>
          <Fact name={t('facts.speed')}>
            {receipt.tokensPerSecond === null
              ? '–'
              : t('facts.per_second', { value: format.perSecond(receipt.tokensPerSecond) })}
          </Fact>
          <Fact name={t('facts.total')}>{format.duration(receipt.durationMs)}</Fact>
          <Fact name={t('facts.tokens')}>
            {t('facts.tokens_pair', {
              input: format.whole(receipt.usage.input),
              output: format.whole(receipt.usage.output),
            })}
          </Fact>
          <Fact name={t('facts.cost')}>{costText(receipt.cost)}</Fact>
          <Fact name={t('facts.end')}>{t(`facts.reason.${reason}`)}</Fact>
        </dl>
      ) : null}
      {(receipt ? noticesOf(receipt) : []).map((said) => (
        <p key={said.message} className="mb-1 text-quiet">
          {notice(said)}
        </p>
      ))}
      <p className="flex flex-wrap items-center justify-between gap-2">
        <PlaceSign place={start.place} />
        <Link
          to="/monitor/$traceId"
          params={{ traceId: start.traceId }}
          className="rounded-sm underline decoration-line underline-offset-2 hover:decoration-current"
        >
          {t('facts.trace')}
        </Link>
      </p>
    </div>
  );
}
