// Changes an agent that one may change; any other is shown, to be copied by whoever makes agents.
import { useNavigate } from '@tanstack/react-router';
import Copy from 'lucide-react/icons/copy';
import Trash2 from 'lucide-react/icons/trash-2';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { LongText } from '../../../components/run/long-text.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useAgents, useTools } from '../../../lib/agent-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useToolTitle } from '../../../lib/known-names.ts';
import { useRights } from '../../../lib/session.ts';
import { useSaveAgent } from '../api/agents.ts';
import { draftOf, freeName, inputOf } from '../lib/agent-draft.ts';
import { useAgentRights } from '../lib/use-agent-rights.ts';
import { AgentDialog } from './agent-dialog.tsx';
import { AgentForm } from './agent-form.tsx';
import { useDeleteAgent } from './use-delete-agent.ts';

export function AgentSettings({ agent }: { agent: Agent }) {
  const { mayChange } = useAgentRights();
  return mayChange(agent) ? <OwnSettings agent={agent} /> : <ShownSettings agent={agent} />;
}

function OwnSettings({ agent }: { agent: Agent }) {
  const { t } = useTranslation(['agents', 'common']);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(agent));
  const [tried, setTried] = useState(false);
  const others = (useAgents().data ?? []).filter((one) => one.id !== agent.id).map((one) => one.name);
  const save = useSaveAgent();
  const remove = useDeleteAgent();
  const read = inputOf(draft, others);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!read.ok) return;
    save.mutate(
      { id: agent.id, input: read.input },
      {
        onSuccess: (saved) => {
          toast({ title: t('form.saved'), durationMs: 3000 });
          if (saved.name !== agent.name)
            void navigate({
              to: '/agents/$name',
              params: { name: saved.name },
              search: { view: 'settings' },
              replace: true,
            });
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-6">
      <AgentForm
        draft={draft}
        fresh={false}
        faults={tried && !read.ok ? read.faults : []}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      {save.error ? <ErrorState error={save.error} /> : null}
      <div className="flex flex-wrap justify-between gap-3 border-t border-line pt-4">
        <Button
          look="danger"
          icon={<Trash2 />}
          onClick={() => remove(agent, () => void navigate({ to: '/agents' }))}
        >
          {t('common:delete')}
        </Button>
        <Button look="primary" type="submit" busy={save.isPending}>
          {t('common:save')}
        </Button>
      </div>
    </form>
  );
}

function ShownSettings({ agent }: { agent: Agent }) {
  const { t } = useTranslation(['agents', 'access']);
  const maker = useAgentRights().madeByOther(agent);
  const mayChange = useRights().may('agents');
  const format = useFormat();
  const navigate = useNavigate();
  const [copying, setCopying] = useState(false);
  const names = (useAgents().data ?? []).map((one) => one.name);
  const tools = useTools().data?.tools ?? [];
  const toolTitle = useToolTitle();
  const titles = agent.tools.map((name) =>
    toolTitle(name, tools.find((tool) => tool.name === name)?.title ?? name),
  );
  const rows: [string, string][] = [
    [t('form.model'), agent.model],
    [t('form.tools'), titles.length === 0 ? t('page.none') : format.list(titles)],
    [t('form.steps'), format.whole(agent.maxSteps)],
  ];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-sunken px-4 py-3">
        <p className="text-sm">
          {agent.source === 'builtin'
            ? t('page.builtin')
            : maker === null
              ? t('access:not_yours_to_build')
              : t('page.made_by', { name: maker })}
        </p>
        {mayChange ? (
          <Button icon={<Copy />} onClick={() => setCopying(true)}>
            {t('page.copy')}
          </Button>
        ) : null}
      </div>
      <dl className="divide-y divide-line rounded-md border border-line bg-raised">
        {rows.map(([label, value]) => (
          <div key={label} className="flex flex-wrap justify-between gap-x-6 px-4 py-2.5">
            <dt className="text-quiet">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div className="px-4 py-2.5">
          <dt className="mb-1 text-quiet">{t('form.instructions')}</dt>
          <dd>
            <LongText text={agent.instructions === '' ? t('page.none') : agent.instructions} mono={false} />
          </dd>
        </div>
      </dl>
      {copying ? (
        <AgentDialog
          start={{
            ...draftOf(agent),
            name: freeName(`${agent.name.slice(0, 42)}-copy`, names),
            title: t('list.copy_title', { title: agent.title }),
          }}
          onClose={() => setCopying(false)}
          onCreated={(made) => void navigate({ to: '/agents/$name', params: { name: made.name } })}
        />
      ) : null}
    </div>
  );
}
