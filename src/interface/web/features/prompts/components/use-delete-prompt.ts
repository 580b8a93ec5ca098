// Hides a prompt, and offers for ten seconds to bring it back.
import { useTranslation } from 'react-i18next';
import type { Prompt } from '../../../../../contracts/prompt.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRemovePrompt, useRestorePrompt } from '../api/prompts.ts';

export function useDeletePrompt(onDeleted: () => void): (prompt: Prompt) => void {
  const { t } = useTranslation(['prompts', 'common']);
  const say = useErrorText();
  const { mutateAsync: remove } = useRemovePrompt();
  const { mutateAsync: restore } = useRestorePrompt();
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  return ({ id, name }) => {
    // Not `mutate` with callbacks: the page goes away before they would be called.
    remove(id).then(() => {
      onDeleted();
      toast({
        title: t('deleted'),
        detail: name,
        action: { label: t('common:undo'), onSelect: () => void restore(id).catch(failed) },
      });
    }, failed);
  };
}
