// One agent: try it, its runs, its settings, and how a program uses it.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import MessageSquare from 'lucide-react/icons/message-square';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { usePageTitle } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useAgents } from '../../../lib/agent-queries.ts';
import { useAgentWords } from '../../../lib/known-names.ts';
import { agentSamples } from '../lib/agent-samples.ts';
import { useAgentRights } from '../lib/use-agent-rights.ts';
import { type AgentView, agentViews } from '../search.ts';
import { AgentFacts } from './agent-list.tsx';
import { AgentSettings } from './agent-settings.tsx';
import { AgentTry } from './agent-try.tsx';
import { RunList } from './run-list.tsx';

export interface AgentPageProps {
  name: string;
  /** Draws a run by its id; chat knows how. */
  renderRun: (runId: string) => ReactNode;
}

export function AgentPage({ name, renderRun }: AgentPageProps) {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useAgents();
  const agent = data?.find((one) => one.name === name || one.id === name);
  const words = useAgentWords();
  usePageTitle(agent ? words(agent).title : t('title'));
  return (
    <div className="mx-auto w-full max-w-4xl px-4 pt-4 pb-16 md:px-8 md:pt-6">
      <Link
        to="/agents"
        className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        {t('page.back')}
      </Link>
      {agent ? <AgentBody agent={agent} renderRun={renderRun} /> : null}
      {!agent && error ? (
        <>
          <h1 className="mb-4 text-xl font-semibold tracking-tight">{name}</h1>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </>
      ) : null}
      {!data && !error ? (
        <div role="status" aria-label={t('common:loading')}>
          <Skeleton className="h-9 w-64" />
          <Skeleton className="mt-6 h-40" />
        </div>
      ) : null}
      {data && !agent ? <EmptyState wholePage title={t('page.not_found')} text={name} /> : null}
    </div>
  );
}

function AgentBody({ agent, renderRun }: { agent: Agent; renderRun: (runId: string) => ReactNode }) {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const { title, description } = useAgentWords()(agent);
  const maker = useAgentRights().madeByOther(agent);
  const { view = 'try', run } = useSearch({ from: '/agents/$name' });
  const show = (next: AgentView, runId?: string) =>
    void navigate({
      to: '/agents/$name',
      params: { name: agent.name },
      search: { ...(next === 'try' ? {} : { view: next }), ...(runId ? { run: runId } : {}) },
      replace: true,
      resetScroll: false,
    });
  const content: Record<AgentView, () => ReactNode> = {
    try: () => (
      <AgentTry
        agent={agent}
        runId={run ?? null}
        onRun={(id) => show('try', id ?? undefined)}
        renderRun={renderRun}
      />
    ),
    runs: () => <RunList agent={agent.name} />,
    settings: () => <AgentSettings key={agent.updatedAt} agent={agent} />,
    code: () => (
      <CodeSamples
        lead={t('code.lead', { origin: location.origin })}
        samples={agentSamples(agent, location.origin)}
      />
    ),
  };
  return (
    <>
      <header className="mb-6 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-3 text-xl font-semibold tracking-tight">
            {title}
            {agent.source === 'builtin' ? <Badge>{t('list.builtin')}</Badge> : null}
            {maker === null ? null : <Badge>{t('list.made_by', { name: maker })}</Badge>}
          </h1>
          {description ? <p className="mt-1 max-w-2xl text-sm text-quiet">{description}</p> : null}
          <AgentFacts agent={agent} />
        </div>
        <Link to="/chat" search={{ agent: agent.name }} className={buttonClass('primary')}>
          <MessageSquare aria-hidden="true" />
          {t('page.chat')}
        </Link>
      </header>
      <Tabs
        label={t('tabs')}
        value={view}
        onChange={(next) => show(next)}
        tabs={agentViews.map((value) => ({
          value,
          label: t(`page.${value}`),
          content: value === view ? content[value]() : null,
        }))}
      />
    </>
  );
}
