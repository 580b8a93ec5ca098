// Where a document stands: waiting, being read, ready, failed, cancelled.
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

export function StatusBadge({ status }: { status: KnowledgeDocument['status'] }) {
  const { t } = useTranslation('knowledge');
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
