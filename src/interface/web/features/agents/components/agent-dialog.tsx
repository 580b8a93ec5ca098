// Makes an agent, from nothing or from another one.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { useAgents } from '../../../lib/agent-queries.ts';
import { useSaveAgent } from '../api/agents.ts';
import { type AgentDraft, emptyDraft, inputOf } from '../lib/agent-draft.ts';
import { AgentForm } from './agent-form.tsx';

export interface AgentDialogProps {
  start?: AgentDraft | undefined;
  onClose: () => void;
  onCreated: (agent: Agent) => void;
}

export function AgentDialog({ start, onClose, onCreated }: AgentDialogProps) {
  const { t } = useTranslation(['agents', 'common']);
  const [draft, setDraft] = useState(start ?? emptyDraft);
  const [tried, setTried] = useState(false);
  const taken = (useAgents().data ?? []).map((agent) => agent.name);
  const save = useSaveAgent();
  const read = inputOf(draft, taken);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.ok) save.mutate({ id: null, input: read.input }, { onSuccess: onCreated });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('form.create')}
      width="wide"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="agent" busy={save.isPending}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <form id="agent" noValidate onSubmit={submit} className="flex flex-col gap-5">
        <AgentForm
          draft={draft}
          fresh={start === undefined}
          faults={tried && !read.ok ? read.faults : []}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}
