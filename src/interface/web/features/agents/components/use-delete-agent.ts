// Deletes an agent at once and offers for ten seconds to bring it back: it is as it was, under the same id.
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../../../contracts/agent.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRemoveAgent, useRestoreAgent } from '../api/agents.ts';

export function useDeleteAgent(): (agent: Agent, onDeleted?: () => void) => void {
  const { t } = useTranslation(['agents', 'common']);
  const say = useErrorText();
  const remove = useRemoveAgent();
  const restore = useRestoreAgent();
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  return (agent, onDeleted) =>
    remove.mutate(agent.id, {
      onError: failed,
      onSuccess: () => {
        const { id, source: _source, createdAt: _made, updatedAt: _changed, ...input } = agent;
        onDeleted?.();
        toast({
          title: t('list.deleted', { name: agent.title }),
          action: {
            label: t('common:undo'),
            onSelect: () => restore.mutate({ id, input }, { onError: failed }),
          },
        });
      },
    });
}
