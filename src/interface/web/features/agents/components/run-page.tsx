// A run that belongs to no chat, under an address of its own.
import { Link } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../../components/page.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useRunFacts } from '../api/run.ts';

export function RunPage({ runId, children }: { runId: string; children: ReactNode }) {
  const { t } = useTranslation('agents');
  const format = useFormat();
  const run = useRunFacts(runId).data;
  const when = run ? t('runs.title', { when: format.moment(run.createdAt) }) : null;
  const title = run?.task ?? when ?? t('tab.runs');
  usePageTitle(title);
  return (
    <div className="mx-auto w-full max-w-4xl px-4 pt-4 pb-16 md:px-8 md:pt-6">
      <Link
        to="/agents"
        search={{ tab: 'runs' }}
        className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        {t('tab.runs')}
      </Link>
      <div className="mb-6">
        <h1 className="line-clamp-3 text-xl font-semibold tracking-tight">{title}</h1>
        {title === when ? null : <p className="mt-1 text-sm text-quiet">{when}</p>}
      </div>
      {children}
    </div>
  );
}
