// The Agents door: agents, what waits for a person, runs, tools, and the servers that bring more tools.
import { useNavigate, useSearch } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useAgents, useOpenApprovals } from '../../../lib/agent-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { type AgentDraft, draftOf, freeName } from '../lib/agent-draft.ts';
import { type AgentTab, agentTabs } from '../search.ts';
import { AgentDialog } from './agent-dialog.tsx';
import { AgentList } from './agent-list.tsx';
import { ApprovalList } from './approval-list.tsx';
import { RunList } from './run-list.tsx';
import { ServerPanel } from './server-list.tsx';
import { ToolPanel } from './tool-list.tsx';

export function AgentsPage() {
  const { t } = useTranslation('agents');
  const format = useFormat();
  const navigate = useNavigate();
  const { tab = 'agents', add } = useSearch({ from: '/agents' });
  const agents = useAgents();
  const { may } = useRights();
  const waiting = useOpenApprovals().data?.length ?? 0;
  const [start, setStart] = useState<AgentDraft>();
  const show = (next: AgentTab, what?: 'agent' | 'server') =>
    void navigate({
      to: '/agents',
      search: { ...(next === 'agents' ? {} : { tab: next }), ...(what ? { add: what } : {}) },
      replace: true,
    });
  const create = (draft?: AgentDraft) => {
    setStart(draft);
    show(tab, 'agent');
  };
  const content: Record<AgentTab, () => React.ReactNode> = {
    agents: () => <Agents agents={agents} onCreate={create} />,
    approvals: () => <ApprovalList />,
    runs: () => <RunList agent={null} />,
    tools: () => <ToolPanel />,
    servers: () => (
      <ServerPanel adding={add === 'server'} onAdd={(open) => show('servers', open ? 'server' : undefined)} />
    ),
  };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        tab === 'servers' ? (
          may('tools') ? (
            <Button look="primary" icon={<Plus />} onClick={() => show('servers', 'server')}>
              {t('servers.add')}
            </Button>
          ) : null
        ) : may('agents') ? (
          <Button look="primary" icon={<Plus />} onClick={() => create()}>
            {t('new')}
          </Button>
        ) : null
      }
    >
      <Tabs
        label={t('tabs')}
        value={tab}
        onChange={(next) => show(next)}
        tabs={agentTabs
          .filter((value) => value !== 'servers' || may('agents'))
          .map((value) => ({
            value,
            label:
              value === 'approvals' && waiting > 0 ? (
                <span className="inline-flex items-center gap-1.5">
                  {t('tab.approvals')}
                  <span className="tabular rounded-full bg-needs-soft px-1.5 text-xs text-needs">
                    {format.whole(waiting)}
                  </span>
                </span>
              ) : (
                t(`tab.${value}`)
              ),
            content: value === tab ? content[value]() : null,
          }))}
      />
      {add === 'agent' ? (
        <AgentDialog
          start={start}
          onClose={() => show(tab)}
          onCreated={(agent) => void navigate({ to: '/agents/$name', params: { name: agent.name } })}
        />
      ) : null}
    </Page>
  );
}

interface AgentsProps {
  agents: ReturnType<typeof useAgents>;
  onCreate: (draft?: AgentDraft) => void;
}

function Agents({ agents: { data, error, refetch }, onCreate }: AgentsProps) {
  const { t } = useTranslation(['agents', 'common']);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label={t('common:loading')} className="h-20" />;
  const names = data.map((agent) => agent.name);
  return (
    <AgentList
      agents={data}
      onNew={() => onCreate()}
      onCopy={(agent) =>
        onCreate({
          ...draftOf(agent),
          name: freeName(`${agent.name.slice(0, 42)}-copy`, names),
          title: t('list.copy_title', { title: agent.title }),
        })
      }
    />
  );
}
