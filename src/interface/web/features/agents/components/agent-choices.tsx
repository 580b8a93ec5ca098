// What an agent may use: tools, each with when it must ask, and collections of documents.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EffectBadge } from '../../../components/run/effect-badge.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useTools } from '../../../lib/agent-queries.ts';
import { useCollections } from '../../../lib/knowledge/collections.ts';
import { useToolTitle } from '../../../lib/known-names.ts';
import { RuleSelect } from './rule-select.tsx';

interface GroupProps {
  title: string;
  hint: string;
  children: ReactNode;
}

function Group({ title, hint, children }: GroupProps) {
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{title}</legend>
      <p className="mt-0.5 mb-1.5 text-xs text-quiet">{hint}</p>
      {children}
    </fieldset>
  );
}

const toggled = (list: readonly string[], one: string, on: boolean): string[] =>
  on ? [...list, one] : list.filter((other) => other !== one);

export interface ToolChoiceProps {
  chosen: readonly string[];
  approvals: Readonly<Record<string, string>>;
  onChange: (tools: string[]) => void;
  onApprovals: (approvals: Record<string, string>) => void;
}

export function ToolChoice({ chosen, approvals, onChange, onApprovals }: ToolChoiceProps) {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useTools();
  const toolTitle = useToolTitle();
  const setRule = (name: string, rule: string | null) => {
    const { [name]: _, ...rest } = approvals;
    onApprovals(rule === null ? rest : { ...rest, [name]: rule });
  };
  const gone = data ? chosen.filter((name) => !data.tools.some((tool) => tool.name === name)) : [];
  return (
    <Group title={t('form.tools')} hint={t('form.tools_hint')}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={3} label={t('common:loading')} className="h-9" /> : null}
      {data?.tools.length === 0 ? <p className="text-sm text-quiet">{t('form.no_tools')}</p> : null}
      {data && (data.tools.length > 0 || gone.length > 0) ? (
        <ul className="divide-y divide-line rounded-md border border-line bg-raised">
          {data.tools.map((tool) => {
            const on = chosen.includes(tool.name);
            return (
              <li key={tool.name} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
                <label className="flex min-w-40 grow items-center gap-2.5">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-accent"
                    checked={on}
                    onChange={(event) => onChange(toggled(chosen, tool.name, event.target.checked))}
                  />
                  <span className="min-w-0">
                    <span className="block truncate text-sm">{toolTitle(tool.name, tool.title)}</span>
                    <span className="block truncate font-mono text-xs text-quiet">{tool.name}</span>
                  </span>
                </label>
                {tool.enabled ? null : <Badge>{t('form.off')}</Badge>}
                <EffectBadge effect={tool.effect} />
                {on ? (
                  <RuleSelect
                    tool={toolTitle(tool.name, tool.title)}
                    predicates={tool.rules}
                    value={approvals[tool.name] ?? null}
                    own={tool.setting?.approval ?? tool.approval}
                    onChange={(rule) => setRule(tool.name, rule)}
                    className="max-sm:w-full sm:w-64!"
                  />
                ) : null}
              </li>
            );
          })}
          {gone.map((name) => (
            <li key={name} className="px-3 py-2">
              <label className="flex items-center gap-2.5">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked
                  onChange={() => onChange(toggled(chosen, name, false))}
                />
                <span className="font-mono text-xs">{name}</span>
                <Badge tone="needs">{t('form.gone')}</Badge>
              </label>
            </li>
          ))}
        </ul>
      ) : null}
    </Group>
  );
}

export function KnowledgeChoice({
  chosen,
  onChange,
}: {
  chosen: readonly string[];
  onChange: (knowledge: string[]) => void;
}) {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useCollections();
  return (
    <Group title={t('form.knowledge')} hint={t('form.knowledge_hint')}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={1} label={t('common:loading')} className="h-9" /> : null}
      {data?.length === 0 ? <p className="text-sm text-quiet">{t('form.no_knowledge')}</p> : null}
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {data?.map((collection) => (
          <label key={collection.id} className="flex items-center gap-2.5 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen.includes(collection.id)}
              onChange={(event) => onChange(toggled(chosen, collection.id, event.target.checked))}
            />
            {collection.name}
          </label>
        ))}
      </div>
    </Group>
  );
}
