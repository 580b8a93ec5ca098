// The classifiers of the house: made of labels in seconds, asked as classifiers/{name}.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import Tags from 'lucide-react/icons/tags';
import { useTranslation } from 'react-i18next';
import type { Classifier } from '../../../../../contracts/classifier.ts';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Rows } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useClassifiers } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import { ClassifierTasks } from './classifier-tasks.tsx';
import { NewClassifierDialog } from './new-classifier-dialog.tsx';

export function ClassifiersPage() {
  const { t } = useTranslation(['classifiers', 'common']);
  const navigate = useNavigate();
  const search = useSearch({ from: '/improve/classifiers' });
  const list = useClassifiers();
  const mayChange = useRights().may('learning');
  const open = () => void navigate({ to: '/improve/classifiers', search: { new: '' } });
  const begin = mayChange ? (
    <Button look="primary" icon={<Plus />} onClick={open}>
      {t('new')}
    </Button>
  ) : null;
  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      above={<ImproveNav />}
      action={list.data?.length ? begin : null}
    >
      <ClassifierTasks />
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows rows={3} label={t('common:loading')} className="h-[4.5rem]" />
      ) : list.data?.length === 0 ? (
        <EmptyState icon={<Tags />} title={t('empty.title')} text={t('empty.text')} action={begin} />
      ) : (
        <Rows label={t('title')}>
          {(list.data ?? []).map((classifier) => (
            <ClassifierRow key={classifier.id} classifier={classifier} />
          ))}
        </Rows>
      )}
      {mayChange && search.new !== undefined ? (
        <NewClassifierDialog
          datasetId={search.new}
          {...(search.version === undefined ? {} : { version: search.version })}
          onClose={() => void navigate({ to: '/improve/classifiers', search: {}, replace: true })}
        />
      ) : null}
    </Page>
  );
}

function ClassifierRow({ classifier }: { classifier: Classifier }) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const { report, labels } = classifier;
  const accuracy = (report.test ?? report.crossValidation).accuracy;
  return (
    <li>
      <Link
        to="/improve/classifiers/$name"
        params={{ name: classifier.name }}
        className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 hover:bg-sunken"
      >
        <span className="min-w-0 grow basis-60">
          <span className="block font-mono text-sm font-semibold break-words">{classifier.name}</span>
          <span className="block truncate text-sm text-quiet">{labels.slice(0, 8).join(', ')}</span>
          <span className="block text-xs text-quiet tabular">
            {[
              t('row.labels', { count: labels.length, n: format.whole(labels.length) }),
              t('row.examples', { count: report.examples, n: format.whole(report.examples) }),
              format.ago(classifier.createdAt),
            ].join(' · ')}
          </span>
        </span>
        <span className="tabular sm:text-right">
          <span className="text-base font-semibold">{format.decimal(accuracy.value, 3)}</span>{' '}
          <span className="text-xs text-quiet">
            {t('row.accuracy', {
              low: format.decimal(accuracy.low, 3),
              high: format.decimal(accuracy.high, 3),
            })}
          </span>
        </span>
      </Link>
    </li>
  );
}
