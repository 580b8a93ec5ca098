// The state of an evaluation as a word.
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';

const tones: Record<Evaluation['status'], Tone> = {
  queued: 'neutral',
  running: 'accent',
  paused: 'needs',
  complete: 'ready',
  failed: 'failed',
  cancelled: 'neutral',
};

export function EvaluationBadge({ status }: Pick<Evaluation, 'status'>) {
  const { t } = useTranslation('evaluations');
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
