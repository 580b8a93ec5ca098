// The way back to the list of trainings, over the title.
import { Link } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import { useTranslation } from 'react-i18next';

export function BackLink() {
  const { t } = useTranslation('training');
  return (
    <Link
      to="/improve/training"
      className="mb-2 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {t('title')}
    </Link>
  );
}
