// Over every page while other machines can connect and nothing encrypts what they send.
import ShieldAlert from 'lucide-react/icons/shield-alert';
import { useTranslation } from 'react-i18next';
import { useSession } from '../lib/session.ts';

export function InsecureBanner() {
  const { t } = useTranslation('shell');
  if (!useSession().data?.insecure) return null;
  return (
    <p role="note" className="flex gap-2 bg-needs-soft px-4 py-2 text-sm md:px-8">
      <ShieldAlert className="mt-0.5 size-4 shrink-0 text-needs" aria-hidden="true" />
      {t('insecure')}
    </p>
  );
}
