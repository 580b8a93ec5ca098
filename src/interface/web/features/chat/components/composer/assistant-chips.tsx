// The agent that answers, or the tools that the model may use, each with a way to leave it out.
import { Link } from '@tanstack/react-router';
import Bot from 'lucide-react/icons/bot';
import Wrench from 'lucide-react/icons/wrench';
import X from 'lucide-react/icons/x';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAgents, useTools } from '../../../../lib/agent-queries.ts';
import { useAgentWords, useToolTitle } from '../../../../lib/known-names.ts';
import type { AssistantPickerProps } from './assistant-picker.tsx';

/** More tools than this are counted, not listed. */
const LISTED = 3;

export function AssistantChips({ agent, tools, onChange }: AssistantPickerProps) {
  const { t } = useTranslation('chat');
  const agents = useAgents().data;
  const known = useTools(tools.length > 0).data?.tools;
  const agentWords = useAgentWords();
  const toolTitle = useToolTitle();
  const found = agents?.find((one) => one.name === agent);
  const nameOf = (name: string) => toolTitle(name, known?.find((tool) => tool.name === name)?.title ?? name);
  return (
    <ul aria-label={t('assistant.chips')} className="flex flex-wrap gap-1.5 px-3 pt-3">
      {agent === null ? null : (
        <Chip
          icon={<Bot />}
          name={found ? agentWords(found).title : agent}
          onRemove={() => onChange({ agent: null, tools: [...tools] })}
        >
          <Link to="/agents/$name" params={{ name: agent }} className="truncate rounded-sm hover:underline">
            {found ? agentWords(found).title : agents ? `${agent} (${t('assistant.gone')})` : agent}
          </Link>
        </Chip>
      )}
      {agent === null && tools.length > LISTED ? (
        <Chip
          icon={<Wrench />}
          name={t('assistant.button_tools', { count: tools.length })}
          onRemove={() => onChange({ agent: null, tools: [] })}
        >
          <span className="truncate">{t('assistant.button_tools', { count: tools.length })}</span>
        </Chip>
      ) : null}
      {agent === null && tools.length <= LISTED
        ? tools.map((name) => (
            <Chip
              key={name}
              icon={<Wrench />}
              name={nameOf(name)}
              onRemove={() => onChange({ agent: null, tools: tools.filter((other) => other !== name) })}
            >
              <span className="truncate">{nameOf(name)}</span>
            </Chip>
          ))
        : null}
    </ul>
  );
}

interface ChipProps {
  icon: ReactNode;
  name: string;
  onRemove: () => void;
  children: ReactNode;
}

function Chip({ icon, name, onRemove, children }: ChipProps) {
  const { t } = useTranslation('chat');
  return (
    <li className="inline-flex h-7 max-w-56 items-center gap-1.5 rounded-full bg-accent-soft pr-1 pl-2.5 text-xs text-accent [&>svg]:size-3.5 [&>svg]:shrink-0">
      {icon}
      {children}
      <button
        type="button"
        aria-label={t('assistant.remove', { name })}
        onClick={onRemove}
        className="rounded-full p-1 hover:bg-pressed"
      >
        <X aria-hidden="true" className="size-3" />
      </button>
    </li>
  );
}
