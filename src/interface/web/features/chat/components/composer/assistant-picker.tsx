// Chooses who answers: the model itself, with or without tools, or an agent.
import Bot from 'lucide-react/icons/bot';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { Popover } from '../../../../components/ui/popover.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import type { ChatSettings } from '../../lib/conversation-settings.ts';

const AssistantChoice = lazy(async () => ({
  default: (await import('./assistant-choice.tsx')).AssistantChoice,
}));

export interface AssistantPickerProps {
  agent: string | null;
  tools: readonly string[];
  onChange: (change: Pick<ChatSettings, 'agent' | 'tools'>) => void;
}

export function AssistantPicker({ agent, tools, onChange }: AssistantPickerProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [open, setOpen] = useState(false);
  const chosen = agent !== null || tools.length > 0;
  const label =
    agent !== null
      ? t('assistant.button_agent', { name: agent })
      : tools.length > 0
        ? t('assistant.button_tools', { count: tools.length })
        : t('assistant.button');
  return (
    <Popover
      label={t('assistant.button')}
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-0!"
      side="top"
      trigger={
        <IconButton label={label} icon={<Bot className={chosen ? 'text-accent' : ''} />} className="size-8" />
      }
    >
      <Suspense fallback={<SkeletonRows rows={4} label={t('common:loading')} className="p-1" />}>
        <AssistantChoice agent={agent} tools={tools} onChange={onChange} onLeave={() => setOpen(false)} />
      </Suspense>
    </Popover>
  );
}
