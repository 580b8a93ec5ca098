// Gives an agent a task outside any chat, and shows the run as it goes.
import Play from 'lucide-react/icons/play';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useRunFacts } from '../api/run.ts';
import { useStartRun } from '../api/runs.ts';

export interface AgentTryProps {
  agent: Agent;
  runId: string | null;
  onRun: (runId: string | null) => void;
  renderRun: (runId: string) => ReactNode;
}

export function AgentTry({ agent, runId, onRun, renderRun }: AgentTryProps) {
  const { t } = useTranslation('agents');
  const [text, setText] = useState('');
  const start = useStartRun();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || start.isPending) return;
    start.mutate({ agent: agent.name, input: text }, { onSuccess: (run) => onRun(run.id) });
  };
  return (
    <div className="flex flex-col gap-5">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t('try.label')} hint={t('try.hint')}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-24 text-base"
              value={text}
              placeholder={t('try.placeholder')}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
              }}
            />
          )}
        </Field>
        <div>
          <Button
            look="primary"
            type="submit"
            icon={<Play />}
            busy={start.isPending}
            disabled={text.trim() === ''}
          >
            {t('try.run')}
          </Button>
        </div>
        {start.error ? <ErrorState error={start.error} /> : null}
      </form>
      {runId === null ? null : (
        <div className="border-t border-line pt-5">
          {text.trim() === '' ? <RunTask runId={runId} /> : null}
          {renderRun(runId)}
        </div>
      )}
    </div>
  );
}

/** What a run was asked that was opened by its address. */
function RunTask({ runId }: { runId: string }) {
  const task = useRunFacts(runId).data?.task;
  return task ? <p className="mb-4 rounded-md bg-sunken px-4 py-2.5 text-base">{task}</p> : null;
}
