// Hides a dataset, and offers for ten seconds to bring it back.
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRemoveDataset, useRestoreDataset } from '../api/dataset.ts';

export function useDeleteDataset(onDeleted: () => void): (dataset: Pick<Dataset, 'id' | 'name'>) => void {
  const { t } = useTranslation(['datasets', 'common']);
  const say = useErrorText();
  const { mutateAsync: remove } = useRemoveDataset();
  const { mutateAsync: restore } = useRestoreDataset();
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
