// What stands where no page is: an unknown address, a page that broke.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../components/page.tsx';
import { Button, buttonClass } from '../components/ui/button.tsx';
import { EmptyState } from '../components/ui/empty-state.tsx';
import { ErrorState } from '../components/ui/error-state.tsx';

export function NotFoundPage() {
  const { t } = useTranslation('shell');
  usePageTitle(t('not_found.title'));
  return (
    <EmptyState
      wholePage
      title={t('not_found.title')}
      text={t('not_found.text')}
      action={
        <Link to="/" className={buttonClass()}>
          {t('not_found.action')}
        </Link>
      }
    />
  );
}

export function CrashedPage({ error }: { error: unknown }) {
  const { t } = useTranslation('shell');
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-4 px-4 py-14">
      <h1 className="text-lg font-semibold">{t('crashed.title')}</h1>
      <ErrorState error={error} />
      <div>
        <Button onClick={() => location.reload()}>{t('crashed.action')}</Button>
      </div>
    </div>
  );
}
