// The Improve door: the way from a rating to a better model as one picture, with what is to be done at each step.
import { Link, Navigate } from '@tanstack/react-router';
import FilePen from 'lucide-react/icons/file-pen-line';
import FlaskConical from 'lucide-react/icons/flask-conical';
import Scale from 'lucide-react/icons/scale';
import TableProperties from 'lucide-react/icons/table-properties';
import Tags from 'lucide-react/icons/tags';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Section } from '../../../components/page.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useClassifiers, useDatasets, useEvaluations, useTrainings } from '../../../lib/learning.ts';
import { usePrompts } from '../../../lib/prompts.ts';
import { useRights } from '../../../lib/session.ts';
import { Loop } from './loop.tsx';

/** Who may not change what models learn from finds the prompts behind this door. */
export function ImprovePage() {
  return useRights().may('learning') ? <Overview /> : <Navigate to="/improve/prompts" replace />;
}

function Overview() {
  const { t } = useTranslation('improve');
  const prompts = usePrompts();
  const datasets = useDatasets();
  const classifiers = useClassifiers();
  const trainings = useTrainings();
  const evaluations = useEvaluations();
  return (
    <Page wide title={t('title')} lead={t('lead')} above={<ImproveNav />}>
      <Loop />
      <Section title={t('rooms')}>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          <Room to="/improve/prompts" word="prompts" icon={<FilePen />} count={prompts.data?.length} />
          <Room
            to="/improve/datasets"
            word="datasets"
            icon={<TableProperties />}
            count={datasets.data?.length}
          />
          <Room
            to="/improve/classifiers"
            word="classifiers"
            icon={<Tags />}
            count={classifiers.data?.length}
          />
          <Room
            to="/improve/training"
            word="training"
            icon={<FlaskConical />}
            count={trainings.data?.length}
            more={trainings.hasNextPage}
          />
          <Room
            to="/improve/evaluations"
            word="evaluations"
            icon={<Scale />}
            count={evaluations.data?.length}
            more={evaluations.hasNextPage}
          />
        </ul>
      </Section>
    </Page>
  );
}

function Room({
  to,
  word,
  icon,
  count,
  more = false,
}: {
  to: string;
  word: 'prompts' | 'datasets' | 'classifiers' | 'training' | 'evaluations';
  icon: ReactNode;
  count: number | undefined;
  /** There are more than were read. */
  more?: boolean;
}) {
  const { t } = useTranslation('improve');
  const format = useFormat();
  return (
    <li>
      <Link
        to={to}
        className="flex h-full gap-3 rounded-md border border-line bg-raised px-4 py-3.5 hover:border-control"
      >
        <span className="mt-0.5 text-quiet [&_svg]:size-4" aria-hidden="true">
          {icon}
        </span>
        <span className="min-w-0 grow">
          <span className="flex items-baseline justify-between gap-3 text-sm font-semibold">
            {t(`room.${word}`)}
            <span className="tabular font-normal text-quiet">
              {count === undefined ? '' : `${format.whole(count)}${more ? '+' : ''}`}
            </span>
          </span>
          <span className="mt-0.5 block text-sm text-quiet">{t(`room_about.${word}`)}</span>
        </span>
      </Link>
    </li>
  );
}
