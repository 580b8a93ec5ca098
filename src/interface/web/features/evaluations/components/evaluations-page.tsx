// The evaluations of the house: who was asked what, and what it came to.
import { Link } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import Scale from 'lucide-react/icons/scale';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Rows } from '../../../components/page.tsx';
import { ShowMore } from '../../../components/show-more.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { isLive, useEvaluations } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import { EvaluationBadge } from './evaluation-badge.tsx';
import { useSubjectName, useVerdictText } from './use-words.ts';

export function EvaluationsPage() {
  const { t } = useTranslation(['evaluations', 'common']);
  const evaluations = useEvaluations();
  const mayStart = useRights().may('learning');
  const start = mayStart ? (
    <Link to="/improve/evaluations/new" className={buttonClass('primary')}>
      <Plus aria-hidden="true" />
      {t('new.open')}
    </Link>
  ) : null;
  return (
    <Page
      wide
      above={<ImproveNav />}
      title={t('title')}
      lead={t('lead')}
      action={evaluations.data?.length ? start : null}
    >
      {evaluations.data ? null : evaluations.error ? (
        <ErrorState error={evaluations.error} onRetry={() => void evaluations.refetch()} />
      ) : (
        <SkeletonRows rows={4} label={t('common:loading')} className="h-20" />
      )}
      {evaluations.data?.length === 0 ? (
        <EmptyState icon={<Scale />} title={t('empty.title')} text={t('empty.text')} action={start} />
      ) : null}
      {evaluations.data && evaluations.data.length > 0 ? (
        <>
          <Rows label={t('title')}>
            {evaluations.data.map((one) => (
              <Row key={one.id} evaluation={one} />
            ))}
          </Rows>
          <ShowMore shown={evaluations.data.length} list={evaluations} />
        </>
      ) : null}
    </Page>
  );
}

function Row({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const nameOf = useSubjectName();
  const verdict = useVerdictText();
  const { input } = evaluation;
  const best = evaluation.comparisons.toSorted((a, b) => b.difference.value - a.difference.value)[0];
  const only = evaluation.subjects[0];
  const open = isLive(evaluation) || evaluation.status === 'paused';
  return (
    <li>
      <Link
        to="/improve/evaluations/$id"
        params={{ id: evaluation.id }}
        className="flex flex-wrap items-center gap-x-6 gap-y-1.5 px-4 py-3 hover:bg-sunken"
      >
        <span className="min-w-0 grow basis-72">
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="truncate text-sm font-semibold">{evaluation.input.name}</span>
            <EvaluationBadge status={evaluation.status} />
          </span>
          <span className="mt-0.5 block truncate text-xs text-quiet">
            {input.subjects.map(nameOf).join(' / ')} · {t(`judge.${input.judge.type}.title`)}
          </span>
        </span>
        <span className="tabular text-sm sm:text-right">
          {open ? (
            <span className="block w-40 text-xs text-quiet">
              <Progress
                value={evaluation.total > 0 ? evaluation.done / evaluation.total : null}
                label={t('progress', { name: input.name })}
                className="mb-1"
              />
              {t('done', { done: format.whole(evaluation.done), total: format.whole(evaluation.total) })}
            </span>
          ) : (
            <>
              {best ? (
                <span className="block">{verdict(best)}</span>
              ) : only ? (
                <span className="block">{t('score_of', { score: format.decimal(only.score.value, 2) })}</span>
              ) : null}
              <span className="block text-xs text-quiet">
                {format.ago(evaluation.endedAt ?? evaluation.createdAt)}
              </span>
            </>
          )}
        </span>
      </Link>
    </li>
  );
}
