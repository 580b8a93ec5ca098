// What a tool does to the world, in one word with its meaning behind it.
import Eye from 'lucide-react/icons/eye';
import PencilLine from 'lucide-react/icons/pencil-line';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useTranslation } from 'react-i18next';
import type { ToolEffect } from '../../../../contracts/tool.ts';
import { cx } from '../ui/cx.ts';
import { Tooltip } from '../ui/tooltip.tsx';

const signs = {
  read: { Icon: Eye, look: 'text-quiet' },
  write: { Icon: PencilLine, look: 'text-accent' },
  danger: { Icon: TriangleAlert, look: 'text-needs' },
} as const;

export function EffectBadge({ effect }: { effect: ToolEffect }) {
  const { t } = useTranslation('run');
  const { Icon, look } = signs[effect];
  return (
    <Tooltip text={t(`effect.${effect}_hint`)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
      <span tabIndex={0} className={cx('inline-flex shrink-0 items-center gap-1 rounded-sm text-xs', look)}>
        <Icon className="size-3.5" aria-hidden="true" />
        {t(`effect.${effect}`)}
      </span>
    </Tooltip>
  );
}
