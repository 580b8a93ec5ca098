// Where a document stands: waiting, being read, ready, failed, cancelled; or read, and nothing but pictures.
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';

const tones: Record<KnowledgeDocument['status'], Tone> = {
  queued: 'neutral',
  reading: 'accent',
  ready: 'ready',
  failed: 'failed',
  cancelled: 'neutral',
};

export function StatusBadge({ document }: { document: KnowledgeDocument }) {
  const { t } = useTranslation('knowledge');
  const { status, passages, scanPages } = document;
  if (status === 'ready' && passages === 0 && scanPages > 0)
    return (
      <Badge tone="needs" dot>
        {t('status_scan')}
      </Badge>
    );
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
