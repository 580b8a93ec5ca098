// The state of a model in a word, a shape and a colour.
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../../../../contracts/model.ts';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';

const tones: Record<ModelInfo['state'], Tone> = {
  ready: 'ready',
  loaded: 'ready',
  loading: 'needs',
  failed: 'failed',
  unreachable: 'failed',
};

export function StateBadge({ state }: { state: ModelInfo['state'] }) {
  const { t } = useTranslation('models');
  return (
    <Badge tone={tones[state]} dot>
      {t(`state.${state}`)}
    </Badge>
  );
}
