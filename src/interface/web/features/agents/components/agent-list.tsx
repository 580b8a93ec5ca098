// The agents: what each is for and may use; copy one, delete one of yours (and take that back).
import { Link } from '@tanstack/react-router';
import Bot from 'lucide-react/icons/bot';
import Copy from 'lucide-react/icons/copy';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Trash2 from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { Rows } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { useAgentWords } from '../../../lib/known-names.ts';
import { useRights } from '../../../lib/session.ts';
import { useAgentRights } from '../lib/use-agent-rights.ts';
import { useDeleteAgent } from './use-delete-agent.ts';

export interface AgentListProps {
  agents: readonly Agent[];
  onNew: () => void;
  onCopy: (agent: Agent) => void;
}

export function AgentList({ agents, onNew, onCopy }: AgentListProps) {
  const { t } = useTranslation(['agents', 'common']);
  const remove = useDeleteAgent();
  const mayChange = useRights().may('agents');
  const words = useAgentWords();
  const { mayChange: mayChangeOne, madeByOther } = useAgentRights();
  if (agents.length === 0)
    return (
      <EmptyState
        icon={<Bot />}
        title={t('list.empty')}
        text={t('list.empty_text')}
        action={mayChange ? <Button onClick={onNew}>{t('new')}</Button> : null}
      />
    );
  return (
    <Rows label={t('list.title')}>
      {agents.map((agent) => (
        <li key={agent.id} className="relative flex items-start gap-3 px-4 py-3 hover:bg-sunken">
          <div className="min-w-0 grow">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              {/* The link covers the row, so that all of it opens the agent. */}
              <Link
                to="/agents/$name"
                params={{ name: agent.name }}
                className="font-semibold after:absolute after:inset-0 after:rounded-md"
              >
                {words(agent).title}
              </Link>
              <span className="font-mono text-xs text-quiet">{agent.name}</span>
              {agent.source === 'builtin' ? <Badge>{t('list.builtin')}</Badge> : null}
              {madeByOther(agent) === null ? null : (
                <Badge>{t('list.made_by', { name: madeByOther(agent) })}</Badge>
              )}
            </div>
            {agent.description ? (
              <p className="mt-0.5 line-clamp-2 text-sm text-quiet">{words(agent).description}</p>
            ) : null}
            <AgentFacts agent={agent} />
          </div>
          {mayChange ? (
            <div className="relative z-10">
              <Menu
                trigger={
                  <IconButton
                    label={t('list.actions', { name: words(agent).title })}
                    icon={<Ellipsis />}
                    size="small"
                  />
                }
                items={[
                  { label: t('list.copy'), icon: <Copy />, onSelect: () => onCopy(agent) },
                  ...(mayChangeOne(agent)
                    ? [
                        null,
                        {
                          label: t('common:delete'),
                          icon: <Trash2 />,
                          danger: true,
                          onSelect: () => remove(agent),
                        },
                      ]
                    : []),
                ]}
              />
            </div>
          ) : null}
        </li>
      ))}
    </Rows>
  );
}

export function AgentFacts({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const facts = [
    agent.model,
    agent.tools.length === 0 ? t('list.no_tools') : t('list.tools', { count: agent.tools.length }),
    agent.knowledge.length === 0 ? null : t('list.knowledge', { count: agent.knowledge.length }),
    agent.outputSchema === null ? null : t('list.json'),
  ];
  return (
    <p className="tabular mt-1 text-xs text-quiet">{facts.filter((fact) => fact !== null).join(' · ')}</p>
  );
}
