// A warning: what a training has learned of people who were forgotten since, it cannot unlearn.
import UserX from 'lucide-react/icons/user-x';
import { useTranslation } from 'react-i18next';
import { cx } from '../../../components/ui/cx.ts';
import { useFormat } from '../../../lib/format.ts';

export function ForgottenMark({ people, className }: { people: number; className?: string }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  return (
    <div className={cx('flex gap-2 rounded-md bg-needs-soft px-3 py-2 text-sm', className)}>
      <UserX aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-needs" />
      <div className="min-w-0">
        <p className="font-semibold text-needs">
          {t('forgotten.title', { count: people, n: format.whole(people) })}
        </p>
        <p>{t('forgotten.text')}</p>
      </div>
    </div>
  );
}
