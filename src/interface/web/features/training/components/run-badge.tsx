// The state of a training as a word.
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';

const tones: Record<TrainingRun['status'], Tone> = {
  queued: 'neutral',
  running: 'accent',
  paused: 'needs',
  complete: 'ready',
  failed: 'failed',
  cancelled: 'neutral',
};

export function RunBadge({ status }: Pick<TrainingRun, 'status'>) {
  const { t } = useTranslation('training');
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
