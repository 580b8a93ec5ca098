// Oneself, for whoever is signed in: the password, and where one is signed in.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useRights } from '../../../lib/session.ts';
import { useChangePassword } from '../api/people.ts';
import { OwnSessions } from './own-sessions.tsx';
import { goodPassword, PasswordField } from './password-field.tsx';

export function OwnPassword() {
  const { t } = useTranslation('access');
  const { accounts, user } = useRights();
  const [open, setOpen] = useState(false);
  if (!accounts || !user) return null;
  return (
    <Section
      title={user.name}
      lead={`${user.email} · ${t(`roles.${user.role}`)}`}
      action={<Button onClick={() => setOpen(true)}>{t('people.own_password')}</Button>}
    >
      <OwnSessions />
      {open ? <PasswordDialog onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (current === '' || !goodPassword(password)) return;
    change.mutate(
      { current, password },
      {
        onSuccess: () => {
          toast({ title: t('people.own_done') });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('people.own_password')}
      description={t('people.own_text')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="own-password" busy={change.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="own-password" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('people.current')} error={tried && current === '' ? t('needed') : null}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <PasswordField value={password} onChange={setPassword} tried={tried} />
        {change.error ? <ErrorState error={change.error} /> : null}
      </form>
    </Dialog>
  );
}
