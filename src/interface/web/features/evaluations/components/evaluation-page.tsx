// One evaluation: how far it is, what it came to, who was asked, the examples themselves; then the gate and the switch.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import Download from 'lucide-react/icons/download';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import Repeat from 'lucide-react/icons/repeat';
import Square from 'lucide-react/icons/square';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Page, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { Skeleton, SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { isLive, useDatasets } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import { useEvaluation, useEvaluationAction, useRemoveEvaluation } from '../api/evaluations.ts';
import { BackLink } from './back-link.tsx';
import { EvaluationBadge } from './evaluation-badge.tsx';
import { Examples } from './examples.tsx';
import { GatePanel } from './gate-panel.tsx';
import { Promotions } from './promotions.tsx';
import { SubjectTable } from './subject-table.tsx';
import { VerdictCard } from './verdict-card.tsx';

export function EvaluationPage({ id }: { id: string }) {
  const { t } = useTranslation(['evaluations', 'common']);
  const found = useEvaluation(id);
  if (found.data) return <Open key={found.data.id} evaluation={found.data} />;
  return (
    <Page wide title={t('title')} above={<BackLink />}>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonRows rows={5} label={t('common:loading')} className="h-24" />
      )}
    </Page>
  );
}

function Open({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/improve/evaluations/$id' });
  const { input } = evaluation;
  const dataset = useDatasets().data?.find(({ id }) => id === input.dataset.id);
  const complete = evaluation.status === 'complete';
  const unfinished = isLive(evaluation) || evaluation.status === 'paused';
  return (
    <Page
      wide
      title={input.name}
      above={<BackLink />}
      lead={
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <EvaluationBadge status={evaluation.status} />
          <Link
            to="/improve/datasets/$id"
            params={{ id: input.dataset.id }}
            className="underline decoration-line underline-offset-2 hover:text-ink hover:decoration-current"
          >
            {dataset?.name ?? t('dataset')}
          </Link>
          <span>
            {t('of_version', { version: evaluation.datasetVersion, split: t(`split.${input.split}`) })}
          </span>
          <span aria-hidden="true">·</span>
          <span title={t(`judge.${input.judge.type}.text`)}>{t(`judge.${input.judge.type}.title`)}</span>
        </p>
      }
      action={<Actions evaluation={evaluation} />}
    >
      {input.judge.type === 'model' ? (
        <details className="mb-6 rounded-md border border-line bg-raised px-4 py-3 text-sm">
          <summary>{t('rubric_of', { model: input.judge.model, max: input.judge.max })}</summary>
          <p className="mt-2 break-words whitespace-pre-wrap text-quiet">{input.judge.rubric}</p>
        </details>
      ) : null}
      {unfinished ? (
        <div className="mb-8">
          <p className="tabular mb-2 text-sm">
            {t(`status_line.${evaluation.status}`)}
            {' · '}
            {t('done', { done: format.whole(evaluation.done), total: format.whole(evaluation.total) })}
          </p>
          <Progress
            value={evaluation.done > 0 && evaluation.total > 0 ? evaluation.done / evaluation.total : null}
            label={t('progress', { name: input.name })}
          />
        </div>
      ) : null}
      {evaluation.status === 'failed' ? <ErrorState className="mb-8" error={evaluation.error} /> : null}
      <VerdictCard evaluation={evaluation} />
      {evaluation.subjects.length > 0 ? (
        <SubjectTable evaluation={evaluation} />
      ) : unfinished ? (
        <Skeleton className="mb-10 h-32" />
      ) : null}
      <Promotions models={input.subjects.map(({ model }) => model)} />
      {complete && input.subjects.length > 1 ? <GatePanel evaluation={evaluation} /> : null}
      <Section title={t('examples.title')} lead={t('examples.lead')}>
        <Examples
          evaluation={evaluation}
          search={search}
          onSearch={(next) =>
            void navigate({
              to: '/improve/evaluations/$id',
              params: { id: evaluation.id },
              search: next,
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Section>
    </Page>
  );
}

function Actions({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation(['evaluations', 'common']);
  const say = useErrorText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const action = useEvaluationAction(evaluation.id);
  const remove = useRemoveEvaluation(evaluation.id);
  const mayChange = useRights().may('learning');
  const act = (what: 'pause' | 'resume' | 'cancel') =>
    action.mutate(what, {
      onError: (error) => toast({ title: t('action_failed'), detail: say(error).title, tone: 'failed' }),
    });
  const unfinished = isLive(evaluation) || evaluation.status === 'paused';
  const { dataset, split, subjects } = evaluation.input;
  return (
    <>
      {mayChange && isLive(evaluation) ? (
        <Button icon={<Pause />} busy={action.isPending} onClick={() => act('pause')}>
          {t('pause')}
        </Button>
      ) : null}
      {mayChange && evaluation.status === 'paused' ? (
        <Button look="primary" icon={<Play />} busy={action.isPending} onClick={() => act('resume')}>
          {t('resume')}
        </Button>
      ) : null}
      <Menu
        trigger={<IconButton label={t('common:more')} icon={<Ellipsis />} />}
        items={[
          {
            label: t('common:export'),
            icon: <Download />,
            onSelect: () =>
              location.assign(`/atelier/v1/evaluations/${encodeURIComponent(evaluation.id)}/export`),
          },
          ...(mayChange
            ? [
                {
                  label: t('again'),
                  icon: <Repeat />,
                  onSelect: () =>
                    void navigate({
                      to: '/improve/evaluations/new',
                      search: {
                        dataset: dataset.id,
                        version: evaluation.datasetVersion,
                        split,
                        models: subjects.map(({ model }) => model).join(','),
                      },
                    }),
                },
                null,
                unfinished
                  ? { label: t('cancel'), icon: <Square />, danger: true, onSelect: () => act('cancel') }
                  : {
                      label: t('common:delete'),
                      icon: <Trash2 />,
                      danger: true,
                      onSelect: () => setAsking(true),
                    },
              ]
            : []),
        ]}
      />
      {asking ? (
        <ConfirmByName
          open
          onOpenChange={setAsking}
          title={t('delete.title')}
          text={t('delete.text')}
          name={evaluation.input.name}
          verb={t('common:delete')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/improve/evaluations' }) })
          }
        />
      ) : null}
    </>
  );
}
