// The trainings of the house: what runs, how far it is, what it came to.
import { Link } from '@tanstack/react-router';
import GraduationCap from 'lucide-react/icons/graduation-cap';
import Plus from 'lucide-react/icons/plus';
import { useTranslation } from 'react-i18next';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Rows } from '../../../components/page.tsx';
import { ShowMore } from '../../../components/show-more.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useTrainings } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import { KeptWeights } from './kept-weights.tsx';
import { RunRow } from './run-row.tsx';

/** Lines are drawn for as many runs as a person sees at once: each is read whole for it. */
const DRAWN = 8;

export function TrainingPage() {
  const { t } = useTranslation(['training', 'common']);
  const runs = useTrainings();
  const mayTrain = useRights().may('learning');
  const start = mayTrain ? (
    <Link to="/improve/training/new" className={buttonClass('primary')}>
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
      action={runs.data?.length ? start : null}
    >
      {runs.data ? null : runs.error ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : (
        <SkeletonRows rows={4} label={t('common:loading')} className="h-20" />
      )}
      {runs.data?.length === 0 ? (
        <EmptyState icon={<GraduationCap />} title={t('empty.title')} text={t('empty.text')} action={start} />
      ) : null}
      {runs.data && runs.data.length > 0 ? (
        <>
          <Rows label={t('title')}>
            {runs.data.map((run, index) => (
              <RunRow key={run.id} run={run} drawn={index < DRAWN} />
            ))}
          </Rows>
          <ShowMore shown={runs.data.length} list={runs} />
        </>
      ) : null}
      {mayTrain ? (
        <div className="mt-10">
          <KeptWeights />
        </div>
      ) : null}
    </Page>
  );
}
