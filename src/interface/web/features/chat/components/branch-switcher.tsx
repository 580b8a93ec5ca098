// ‹ 2/3 ›: the other branches at this message.
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import type { Siblings } from '../lib/message-tree.ts';

export interface BranchSwitcherProps {
  siblings: Siblings;
  disabled: boolean;
  onSwitch: (messageId: string) => void;
}

export function BranchSwitcher({ siblings, disabled, onSwitch }: BranchSwitcherProps) {
  const { t } = useTranslation('chat');
  if (siblings.ids.length < 2) return null;
  const go = (index: number) => {
    const id = siblings.ids[index];
    if (id !== undefined) onSwitch(id);
  };
  const place = t('branch.place', { index: siblings.index + 1, count: siblings.ids.length });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div role="group" aria-label={t('branch.label')} className="flex items-center text-xs text-quiet">
      <IconButton
        label={t('branch.previous')}
        icon={<ChevronLeft />}
        size="small"
        disabled={disabled || siblings.index === 0}
        onClick={() => go(siblings.index - 1)}
      />
      <span className="tabular min-w-7 text-center">{place}</span>
      <IconButton
        label={t('branch.next')}
        icon={<ChevronRight />}
        size="small"
        disabled={disabled || siblings.index === siblings.ids.length - 1}
        onClick={() => go(siblings.index + 1)}
      />
    </div>
  );
}
