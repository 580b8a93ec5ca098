// Hides a collection, and offers for ten seconds to bring it back.
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRemoveCollection, useRestoreCollection } from '../../../lib/knowledge/collections.ts';

export function useDeleteCollection(onDeleted?: () => void): (collection: Collection) => void {
  const { t } = useTranslation(['knowledge', 'common']);
  const say = useErrorText();
  const { mutateAsync: remove } = useRemoveCollection();
  const { mutateAsync: restore } = useRestoreCollection();
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  return (collection) => {
    // Not `mutate` with callbacks: the row goes away before they would be called.
    remove(collection.id).then(() => {
      onDeleted?.();
      toast({
        title: t('collection.deleted'),
        detail: collection.name,
        action: { label: t('common:undo'), onSelect: () => void restore(collection.id).catch(failed) },
      });
    }, failed);
  };
}
