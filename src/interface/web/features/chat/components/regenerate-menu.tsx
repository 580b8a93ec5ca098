// Another answer to the same message: by the same model, or by one that is chosen here.
import RotateCw from 'lucide-react/icons/rotate-cw';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { findModel, useModels } from '../../../lib/queries.ts';
import { PlaceIcon } from './place-icon.tsx';

export interface RegenerateMenuProps {
  /** The model that answered, or the one that is set. */
  model: string | null;
  disabled: boolean;
  onRegenerate: (model?: string) => void;
}

export function RegenerateMenu({ model, disabled, onRegenerate }: RegenerateMenuProps) {
  const { t } = useTranslation('chat');
  const list = useModels().data;
  const same = findModel(list, model);
  const others = (list?.models ?? []).filter((other) => other.kind === 'chat' && other.id !== same?.id);
  return (
    <Menu
      align="start"
      trigger={
        <IconButton label={t('action.regenerate')} icon={<RotateCw />} size="small" disabled={disabled} />
      }
      items={[
        {
          label: same ? t('action.same_model', { model: same.displayName }) : t('action.regenerate'),
          icon: <RotateCw />,
          onSelect: () => onRegenerate(same?.id),
        },
        ...(others.length > 0 ? [null] : []),
        ...others.map((other) => ({
          label: other.displayName,
          icon: <PlaceIcon place={other.place} />,
          disabled: other.state === 'unreachable' || other.state === 'failed',
          onSelect: () => onRegenerate(other.id),
        })),
      ]}
    />
  );
}
