// Whether documents of a collection are being read, and whether some could not be.
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { useFormat } from '../../../lib/format.ts';

export function CollectionState({ collection }: { collection: Collection }) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const { waiting, failed } = collection.documents;
  return (
    <>
      {waiting > 0 ? (
        <Badge tone="accent" dot>
          {t('state.reading', { count: waiting, n: format.whole(waiting) })}
        </Badge>
      ) : null}
      {failed > 0 ? (
        <Badge tone="failed" dot>
          {t('state.failed', { count: failed, n: format.whole(failed) })}
        </Badge>
      ) : null}
    </>
  );
}
