// All agents, one of them or none; and, when it is the model itself, the tools that it may use.
import { useNavigate } from '@tanstack/react-router';
import ArrowRight from 'lucide-react/icons/arrow-right';
import { useTranslation } from 'react-i18next';
import { EffectBadge } from '../../../../components/run/effect-badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { useAgents, useTools } from '../../../../lib/agent-queries.ts';
import { useAgentWords, useToolTitle } from '../../../../lib/known-names.ts';
import type { AssistantPickerProps } from './assistant-picker.tsx';

const row = 'flex cursor-pointer items-start gap-2.5 rounded-md px-2.5 py-1.5 text-sm hover:bg-sunken';

export function AssistantChoice({
  agent,
  tools,
  onChange,
  onLeave,
}: AssistantPickerProps & { onLeave: () => void }) {
  const { t } = useTranslation(['chat', 'common']);
  const navigate = useNavigate();
  const agents = useAgents();
  const toolList = useTools();
  const agentWords = useAgentWords();
  const toolTitle = useToolTitle();
  const error = agents.error ?? toolList.error;
  if (error && (!agents.data || !toolList.data))
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          void agents.refetch();
          void toolList.refetch();
        }}
      />
    );
  if (!agents.data || !toolList.data)
    return <SkeletonRows rows={4} label={t('common:loading')} className="p-1" />;
  const usable = toolList.data.tools.filter((tool) => tool.enabled);
  const who = (value: string | null, title: string, about: string) => (
    <label key={value ?? ''} className={row}>
      <input
        type="radio"
        name="who"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={agent === value}
        onChange={() => onChange({ agent: value, tools: value === null ? [...tools] : [] })}
      />
      <span className="min-w-0">
        <span className="block truncate">{title}</span>
        {about === '' ? null : <span className="line-clamp-2 text-xs text-quiet">{about}</span>}
      </span>
    </label>
  );
  return (
    <div className="flex max-h-[min(30rem,var(--radix-popover-content-available-height))] flex-col">
      <div className="min-h-0 grow overflow-y-auto p-1.5">
        <fieldset>
          <legend className="px-2.5 pt-1.5 pb-1 text-xs text-quiet">{t('assistant.who')}</legend>
          {who(null, t('assistant.model'), t('assistant.model_text'))}
          {agents.data.map((one) => who(one.name, agentWords(one).title, agentWords(one).description))}
        </fieldset>
        {agent === null ? (
          <fieldset className="mt-2 border-t border-line pt-2">
            <legend className="sr-only">{t('assistant.tools')}</legend>
            <p className="px-2.5 text-xs text-quiet">
              {t('assistant.tools')}. {t('assistant.tools_hint')}
            </p>
            {usable.length === 0 ? (
              <p className="px-2.5 py-2 text-sm text-quiet">{t('assistant.no_tools')}</p>
            ) : null}
            {usable.map((tool) => (
              <div key={tool.name} className="flex items-center gap-2 pr-2.5">
                <label className={`${row} min-w-0 grow`}>
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    checked={tools.includes(tool.name)}
                    onChange={(event) =>
                      onChange({
                        agent: null,
                        tools: event.target.checked
                          ? [...tools, tool.name]
                          : tools.filter((name) => name !== tool.name),
                      })
                    }
                  />
                  <span className="truncate">{toolTitle(tool.name, tool.title)}</span>
                </label>
                <EffectBadge effect={tool.effect} />
              </div>
            ))}
          </fieldset>
        ) : (
          <p className="mt-2 border-t border-line px-2.5 pt-2 text-xs text-quiet">
            {t('assistant.by_agent')}
          </p>
        )}
      </div>
      <div className="border-t border-line p-1.5">
        <Button
          size="small"
          look="quiet"
          icon={<ArrowRight />}
          onClick={() => {
            onLeave();
            void navigate({ to: '/agents' });
          }}
        >
          {t('assistant.open')}
        </Button>
      </div>
    </div>
  );
}
