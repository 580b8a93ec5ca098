// The tools: on or off, when each asks, what it does and reads; and the files that should be tools and are none.
import Search from 'lucide-react/icons/search';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Wrench from 'lucide-react/icons/wrench';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ToolFault, toolSources } from '../../../../../contracts/tool.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { EffectBadge } from '../../../components/run/effect-badge.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { type SetTool, useTools } from '../../../lib/agent-queries.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { useToolAbout, useToolTitle } from '../../../lib/known-names.ts';
import { useRights } from '../../../lib/session.ts';
import { useSetTool } from '../api/set-tool.ts';
import { RuleSelect } from './rule-select.tsx';

export function ToolPanel() {
  const { t } = useTranslation(['agents', 'common', 'access']);
  const mayChange = useRights().may('tools');
  const { data, error, refetch } = useTools();
  const [text, setText] = useState('');
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} label={t('common:loading')} />;
  const wanted = text.trim().toLowerCase();
  const shown = data.tools.filter((tool) =>
    `${tool.name} ${tool.title} ${tool.description}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <p className="mb-4 max-w-2xl text-sm text-quiet">
        {t('tools.lead')} {mayChange ? null : t('access:not_yours')}
      </p>
      {data.faults.length > 0 ? <Faults faults={data.faults} /> : null}
      {data.tools.length === 0 ? (
        <EmptyState icon={<Wrench />} title={t('tools.empty')} text={t('tools.empty_text')} />
      ) : (
        <div className="relative mb-6 max-w-sm">
          <Search
            className="pointer-events-none absolute top-2.5 left-3 size-4 text-quiet"
            aria-hidden="true"
          />
          <Input
            type="search"
            aria-label={t('tools.search')}
            placeholder={t('tools.search')}
            className="pl-9"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      {data.tools.length > 0 && shown.length === 0 ? (
        <p className="text-sm text-quiet">{t('tools.none_found')}</p>
      ) : null}
      {toolSources.map((source) => {
        const tools = shown.filter((tool) => tool.source === source);
        if (tools.length === 0) return null;
        return (
          <Section key={source} title={t(`tools.source.${source}`)}>
            <Rows label={t(`tools.source.${source}`)}>
              {tools.map((tool) => (
                <ToolRow key={tool.name} tool={tool} />
              ))}
            </Rows>
          </Section>
        );
      })}
    </>
  );
}

function ToolRow({ tool }: { tool: SetTool }) {
  const { t } = useTranslation(['agents', 'run']);
  const say = useErrorText();
  const set = useSetTool();
  const mayChange = useRights().may('tools');
  const title = useToolTitle()(tool.name, tool.title);
  const about = useToolAbout()(tool.name, tool.description);
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-52 grow basis-0">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="font-semibold">{title}</span>
            <span className="font-mono text-xs break-all text-quiet">{tool.name}</span>
            <EffectBadge effect={tool.effect} />
          </div>
          <p className="mt-0.5 text-sm text-quiet">{about}</p>
        </div>
        <div className="flex min-w-0 items-center gap-3 max-sm:w-full">
          <RuleSelect
            tool={title}
            predicates={tool.rules}
            value={tool.setting?.approval ?? null}
            own={tool.approval}
            className="min-w-0 sm:w-64!"
            disabled={!tool.enabled || !mayChange}
            onChange={(approval) => set.mutate({ name: tool.name, approval }, { onError: failed })}
          />
          <Switch
            label={t('tools.on', { tool: title })}
            checked={tool.enabled}
            disabled={!mayChange}
            onChange={(enabled) => set.mutate({ name: tool.name, enabled }, { onError: failed })}
          />
        </div>
      </div>
      <details className="mt-1.5 text-xs">
        <summary className="w-fit rounded-sm text-quiet hover:text-ink">{t('tools.details')}</summary>
        <div className="mt-2 flex flex-col gap-3">
          {tool.origin ? <p className="break-all">{t('tools.from', { origin: tool.origin })}</p> : null}
          {about === tool.description ? null : (
            <p>
              <span className="mb-1 block font-semibold text-quiet">{t('run:model_reads')}</span>
              {tool.description}
            </p>
          )}
          <Schema title={t('tools.schema')} schema={tool.inputSchema} />
          {tool.outputSchema ? <Schema title={t('tools.output_schema')} schema={tool.outputSchema} /> : null}
        </div>
      </details>
    </li>
  );
}

function Schema({ title, schema }: { title: string; schema: unknown }) {
  return (
    <div>
      <h4 className="mb-1 font-semibold text-quiet">{title}</h4>
      <pre className="rounded-md bg-sunken px-3 py-2 font-mono break-words whitespace-pre-wrap">
        {JSON.stringify(schema, null, 2)}
      </pre>
    </div>
  );
}

function Faults({ faults }: { faults: readonly ToolFault[] }) {
  const { t } = useTranslation('agents');
  const say = useErrorText();
  return (
    <section aria-label={t('tools.faults')} className="mb-6 rounded-md bg-failed-soft px-4 py-3">
      <h3 className="flex items-center gap-2 text-sm font-semibold text-failed">
        <TriangleAlert className="size-4 shrink-0" aria-hidden="true" />
        {t('tools.faults')}
      </h3>
      <ul className="mt-2 flex flex-col gap-2 text-sm">
        {faults.map((fault) => (
          <li key={`${fault.origin} ${fault.name ?? ''}`}>
            <p className="font-mono text-xs break-all">
              {fault.origin}
              {fault.name ? ` · ${fault.name}` : ''}
            </p>
            <p className="break-words">{say(fault.error).technical}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
