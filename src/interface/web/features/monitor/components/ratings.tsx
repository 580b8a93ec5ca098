// How the answer was judged: thumb, reason, and the answer as it should have been.
import { useTranslation } from 'react-i18next';
import type { Score } from '../../../../../contracts/score.ts';
import { useFormat } from '../../../lib/format.ts';
import { RatingMark } from './trace-table.tsx';

export function Ratings({ scores }: { scores: readonly Score[] }) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  if (scores.length === 0) return null;
  return (
    <ul aria-label={t('ratings')} className="mb-4 flex flex-col gap-2">
      {scores.map((score) => (
        <li key={score.id} className="rounded-md border border-line bg-raised px-4 py-3">
          <p className="flex flex-wrap items-center gap-2">
            <RatingMark rating={score.value} />
            <span className="font-semibold">
              {score.name === 'user.rating' ? t(score.value > 0 ? 'rating.good' : 'rating.bad') : score.name}
            </span>
            <span className="tabular text-xs text-quiet">
              {t(`scored_by.${score.source}`)} · {format.moment(score.createdAt)}
            </span>
          </p>
          {score.reason ? <p className="mt-1 whitespace-pre-wrap">{score.reason}</p> : null}
          {score.correction ? (
            <details className="mt-2" open>
              <summary className="text-quiet">{t('correction')}</summary>
              <p className="mt-1 max-w-[72ch] rounded-md bg-ready-soft px-3 py-2 break-words whitespace-pre-wrap">
                {score.correction}
              </p>
            </details>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
