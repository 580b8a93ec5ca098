// Where an example stands: to review, approved, rejected.
import Check from 'lucide-react/icons/check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import type { Example } from '../../../../../contracts/dataset.ts';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';
import { cx } from '../../../components/ui/cx.ts';

const tones: Record<Example['status'], Tone> = { pending: 'needs', approved: 'ready', rejected: 'neutral' };
const icons = { pending: CircleDashed, approved: Check, rejected: X } as const;
const colours = { pending: 'text-needs', approved: 'text-ready', rejected: 'text-quiet' } as const;

export function ExampleStatus({ status }: { status: Example['status'] }) {
  const { t } = useTranslation('datasets');
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}

/** The same in the space of a letter. */
export function ExampleMark({ status }: { status: Example['status'] }) {
  const { t } = useTranslation('datasets');
  const Icon = icons[status];
  return (
    <>
      <Icon aria-hidden="true" className={cx('size-4 shrink-0', colours[status])} />
      <span className="sr-only">{t(`status.${status}`)}</span>
    </>
  );
}
