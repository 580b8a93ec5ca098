// How a call ended: a shape, a colour and a word.
import Ban from 'lucide-react/icons/ban';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import { useTranslation } from 'react-i18next';
import type { Span } from '../../../../../contracts/span.ts';
import { cx } from '../../../components/ui/cx.ts';

const marks = {
  running: { Icon: LoaderCircle, color: 'text-accent' },
  ok: { Icon: CircleCheck, color: 'text-ready' },
  error: { Icon: CircleX, color: 'text-failed' },
  cancelled: { Icon: Ban, color: 'text-quiet' },
} as const;

export function StatusMark({ status, word = false }: { status: Span['status']; word?: boolean }) {
  const { t } = useTranslation('monitor');
  const { Icon, color } = marks[status];
  return (
    <span className={cx('inline-flex shrink-0 items-center gap-1.5', color)} title={t(`status.${status}`)}>
      <Icon className="size-4" aria-hidden="true" />
      <span className={word ? '' : 'sr-only'}>{t(`status.${status}`)}</span>
    </span>
  );
}
