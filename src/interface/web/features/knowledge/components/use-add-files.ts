// Adds what a person chose or dropped to a collection; what goes wrong on the way stands above the list.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../../components/ui/toast.tsx';
import type { PickedFile } from '../../../lib/knowledge/picked-files.ts';
import { addFiles } from '../../../lib/knowledge/uploads.ts';

export type AddFiles = (picked: PickedFile[] | Promise<PickedFile[]>) => void;

export function useAddFiles(collectionId: string): AddFiles {
  const { t } = useTranslation('knowledge');
  const client = useQueryClient();
  return useCallback(
    (picked) => {
      Promise.resolve(picked).then(
        (files) => {
          if (files.length === 0) return;
          // The upload shows its own failure, with a way to go on.
          addFiles(client, collectionId, files).catch(() => undefined);
        },
        () => toast({ title: t('add.unreadable'), detail: t('add.unreadable_text'), tone: 'failed' }),
      );
    },
    [client, collectionId, t],
  );
}
