// What a collection holds, in one line: documents, passages, size.
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { useFormat } from '../../../lib/format.ts';

export function useCollectionFacts(): (collection: Collection) => string[] {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  return ({ documents, passages, sizeBytes }) =>
    documents.total === 0
      ? [t('no_documents')]
      : [
          t('documents', { count: documents.total, n: format.whole(documents.total) }),
          t('passages', { count: passages, n: format.whole(passages) }),
          format.size(sizeBytes),
        ];
}
