// Gives a person a new password; their other sessions end.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../../../contracts/access.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useChangeUser } from '../api/people.ts';
import { goodPassword, PasswordField } from './password-field.tsx';

export function NewPasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const change = useChangeUser();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!goodPassword(password)) return;
    change.mutate(
      { id: user.id, change: { password } },
      {
        onSuccess: () => {
          toast({ title: t('people.password_done', { name: user.name }) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('people.password')}
      description={t('people.password_text', { name: user.name })}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="new-password" busy={change.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="new-password" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <PasswordField value={password} onChange={setPassword} tried={tried} forOther />
        {change.error ? <ErrorState error={change.error} /> : null}
      </form>
    </Dialog>
  );
}
