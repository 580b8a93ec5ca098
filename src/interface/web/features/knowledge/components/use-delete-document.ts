// Takes a document from the page, and offers for ten seconds to bring it back; only then is it deleted.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { removals } from '../../../lib/knowledge/removals.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useDeleteDocument(onDeleted?: () => void): (document: KnowledgeDocument) => void {
  const { t } = useTranslation(['knowledge', 'common']);
  const say = useErrorText();
  const client = useQueryClient();
  return ({ id, title }) => {
    removals.begin(id);
    onDeleted?.();
    toast({
      title: t('document.deleted'),
      detail: title,
      action: { label: t('common:undo'), onSelect: () => void removals.undo(id) },
      onGone: () =>
        void removals
          .commit(id)
          .catch((error: unknown) =>
            toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }),
          )
          .finally(() => client.invalidateQueries({ queryKey: queryKeys.knowledge })),
    });
  };
}
