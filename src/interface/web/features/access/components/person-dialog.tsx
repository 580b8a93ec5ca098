// Adds a colleague: name, address, role and a first password to hand on.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, roles } from '../../../../../contracts/identity.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useAddUser } from '../api/people.ts';
import { goodPassword, PasswordField } from './password-field.tsx';

export function PersonDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const add = useAddUser();
  const named = name.trim() !== '';
  const addressed = /^\S+@\S+\.\S+$/.test(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (named && addressed && goodPassword(password))
      add.mutate({ name: name.trim(), email: email.trim(), role, password }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('people.add')}
      description={t('people.add_text')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="person" busy={add.isPending}>
            {t('common:add')}
          </Button>
        </>
      }
    >
      <form id="person" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('name')} error={tried && !named ? t('needed') : null}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('email')} error={tried && !addressed ? t('email_wrong') : null}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="off"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('role')} hint={t(`role_about.${role}`)}>
          {(control) => (
            <Select
              {...control}
              value={role}
              options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
              onChange={setRole}
            />
          )}
        </Field>
        <PasswordField value={password} onChange={setPassword} tried={tried} forOther />
        {add.error ? <ErrorState error={add.error} /> : null}
      </form>
    </Dialog>
  );
}
