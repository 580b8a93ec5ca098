// At the foot of rail and phone menu: whose page this is, and the way out. Nothing without accounts.
import LogOut from 'lucide-react/icons/log-out';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/ui/icon-button.tsx';
import { toast } from '../components/ui/toast.tsx';
import { useErrorText } from '../lib/error-text.ts';
import { signOut, useRights } from '../lib/session.ts';

export function SignedIn() {
  const { t } = useTranslation('shell');
  const say = useErrorText();
  const { accounts, user } = useRights();
  if (!accounts || !user) return null;
  return (
    <div className="flex items-center gap-2 pl-2.5">
      <span className="min-w-0 grow truncate text-sm" title={user.email ?? undefined}>
        <span className="sr-only">{t('signed_in', { name: user.name })}</span>
        <span aria-hidden="true">{user.name}</span>
      </span>
      <IconButton
        label={t('sign_out')}
        icon={<LogOut />}
        size="small"
        onClick={() =>
          void signOut().catch((error: unknown) => toast({ title: say(error).title, tone: 'failed' }))
        }
      />
    </div>
  );
}
