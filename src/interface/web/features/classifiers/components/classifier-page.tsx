// One classifier: how good it is and how sure of itself, what it confuses, a text to try, and how a program asks it.
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Classifier } from '../../../../../contracts/classifier.ts';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Page, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useDatasets } from '../../../lib/learning.ts';
import { useNoticeText } from '../../../lib/notice-text.ts';
import { useRights } from '../../../lib/session.ts';
import { useClassifier, useRemoveClassifier } from '../api/classifiers.ts';
import { codeOfClassifier } from '../lib/code-of-classifier.ts';
import { ConfusionTable } from './confusion-table.tsx';
import { IntervalBar } from './interval-bar.tsx';
import { LabelTable } from './label-table.tsx';
import { TryBox } from './try-box.tsx';

function Back() {
  const { t } = useTranslation('classifiers');
  return (
    <Link
      to="/improve/classifiers"
      className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {t('title')}
    </Link>
  );
}

export function ClassifierPage() {
  const { t } = useTranslation('common');
  const { name } = useParams({ from: '/improve/classifiers/$name' });
  const { data, error, refetch } = useClassifier(name);
  if (data) return <ClassifierView key={data.id} classifier={data} />;
  return (
    <Page title={name} above={<Back />}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={5} label={t('loading')} />
      )}
    </Page>
  );
}

function ClassifierView({ classifier }: { classifier: Classifier }) {
  const { t } = useTranslation(['classifiers', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const mayChange = useRights().may('learning');
  const remove = useRemoveClassifier();
  const dataset = useDatasets().data?.find(({ id }) => id === classifier.dataset.id);
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState('');
  const { report, labels } = classifier;
  const { crossValidation, test } = report;
  return (
    <Page
      title={classifier.name}
      above={<Back />}
      lead={
        <p className="tabular">
          <span className="font-mono">{classifier.model}</span>
          {' · '}
          {t('row.labels', { count: labels.length, n: format.whole(labels.length) })}
          {' · '}
          <Link
            to="/improve/datasets/$id"
            params={{ id: classifier.dataset.id }}
            search={{ view: 'versions' }}
            className="rounded-sm underline decoration-line underline-offset-2 hover:text-ink"
          >
            {t('of_version', {
              name: dataset?.name ?? t('of_dataset'),
              version: classifier.dataset.version,
            })}
          </Link>
          {' · '}
          {t('made', { when: format.ago(classifier.createdAt) })}
        </p>
      }
      action={
        mayChange ? (
          <Button icon={<Trash2 />} onClick={() => setAsking(true)}>
            <span className="max-sm:sr-only">{t('common:delete')}</span>
          </Button>
        ) : null
      }
    >
      <Section title={t('try.title')} lead={t('try.lead')}>
        <TryBox classifier={classifier} text={text} onText={setText} />
      </Section>
      <Section title={t('quality.title')} lead={t('quality.lead')}>
        <div className="divide-y divide-line rounded-md border border-line bg-raised">
          {test ? (
            <Quality
              title={t('quality.test', { count: test.examples, n: format.whole(test.examples) })}
              accuracy={test.accuracy}
              macroF1={test.macroF1}
            />
          ) : null}
          <Quality
            title={t('quality.folds', { count: report.examples, n: format.whole(report.examples) })}
            accuracy={crossValidation.accuracy}
            macroF1={crossValidation.macroF1}
          />
        </div>
      </Section>
      <Notes classifier={classifier} />
      <Section title={t('calibration.title')} lead={t('calibration.lead')}>
        <Calibration classifier={classifier} />
      </Section>
      <Section title={t('confusion.title')} lead={t('confusion.lead')}>
        <ConfusionTable classifier={classifier} />
      </Section>
      <Section title={t('per_label')}>
        <LabelTable classifier={classifier} />
      </Section>
      <Section title={t('common:from_code')}>
        <CodeSamples
          lead={t('code')}
          samples={codeOfClassifier(
            classifier.model,
            text.trim() === '' ? t('try.example') : text,
            location.origin,
          )}
        />
      </Section>
      <p className="text-xs text-quiet tabular">
        {t('facts', {
          model: classifier.embeddingModel,
          dimensions: format.whole(classifier.dimensions),
          strength: format.number(report.strength),
          embedding: format.duration(report.seconds.embedding * 1000),
          fitting: format.duration(report.seconds.fitting * 1000),
        })}
      </p>
      <ConfirmByName
        open={asking}
        onOpenChange={setAsking}
        title={t('delete.title')}
        text={t('delete.text')}
        name={classifier.name}
        verb={t('common:delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(classifier.name, {
            onSuccess: () => {
              void navigate({ to: '/improve/classifiers' });
              toast({ title: t('delete.done'), detail: classifier.name, durationMs: 4000 });
            },
          })
        }
      />
    </Page>
  );
}

function Quality({
  title,
  accuracy,
  macroF1,
}: {
  title: string;
  accuracy: Classifier['report']['crossValidation']['accuracy'];
  macroF1: Classifier['report']['crossValidation']['macroF1'];
}) {
  const { t } = useTranslation('classifiers');
  return (
    <div className="grid gap-x-8 gap-y-3 px-4 py-3.5 sm:grid-cols-3">
      <p className="text-sm font-semibold">{title}</p>
      <IntervalBar label={t('accuracy')} interval={accuracy} />
      <IntervalBar label={t('macro_f1')} interval={macroF1} />
    </div>
  );
}

function Notes({ classifier: { report } }: { classifier: Classifier }) {
  const { t } = useTranslation('classifiers');
  const notice = useNoticeText();
  if (report.notes.length === 0) return null;
  return (
    <section aria-label={t('notes')} className="mb-10 -mt-6 flex flex-col gap-1">
      {report.notes.map((note) => (
        <p key={note.message} className="rounded-md bg-needs-soft px-3.5 py-2 text-sm">
          {notice(note)}
        </p>
      ))}
    </section>
  );
}

/** By how much its probabilities miss what happens, before the temperature and after it. */
function Calibration({ classifier: { report } }: { classifier: Classifier }) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const { calibrationErrorBefore: before, calibrationError: after } = report.crossValidation;
  const most = Math.max(before, after, 0.001);
  const points = (value: number) => t('calibration.points', { n: format.decimal(value * 100, 1) });
  const rows = [
    ['before', before, 'bg-control'],
    ['after', after, 'bg-chart-1'],
  ] as const;
  return (
    <>
      <dl className="flex max-w-xl flex-col gap-2">
        {rows.map(([word, value, colour]) => (
          <div key={word} className="grid grid-cols-[7rem_minmax(0,1fr)_5.5rem] items-center gap-3 text-sm">
            <dt className="text-quiet">{t(`calibration.${word}`)}</dt>
            <dd className="col-span-2 grid grid-cols-subgrid items-center">
              <span className="h-1.5 overflow-hidden rounded-full bg-pressed" aria-hidden="true">
                <span
                  className={`block h-full rounded-full ${colour}`}
                  style={{ width: `${(value / most) * 100}%` }}
                />
              </span>
              <span className="text-right tabular">{points(value)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-xs text-quiet tabular">
        {t('calibration.temperature', { n: format.decimal(report.temperature, 2) })}
      </p>
    </>
  );
}
