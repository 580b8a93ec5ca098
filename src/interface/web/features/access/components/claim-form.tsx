// Turns accounts on: whoever does becomes the first admin and keeps all that is here.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useTurnAccountsOn } from '../api/people.ts';
import { goodPassword, PasswordField } from './password-field.tsx';

export function ClaimForm() {
  const { t } = useTranslation('access');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const claim = useTurnAccountsOn();
  const named = name.trim() !== '';
  const addressed = /^\S+@\S+\.\S+$/.test(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (named && addressed && goodPassword(password))
      claim.mutate(
        { name: name.trim(), email: email.trim(), password },
        // The page begins anew, signed in or at the door.
        { onSuccess: () => location.reload() },
      );
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label={t('claim.title')}
      className="flex max-w-lg flex-col gap-4 rounded-md border border-line bg-raised p-5"
    >
      <header>
        <h2 className="text-base font-semibold">{t('claim.title')}</h2>
        <p className="mt-1 text-sm text-quiet">{t('claim.text')}</p>
      </header>
      <Field label={t('name')} error={tried && !named ? t('needed') : null}>
        {(control) => (
          <Input
            {...control}
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('email')} hint={t('email_hint')} error={tried && !addressed ? t('email_wrong') : null}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <PasswordField value={password} onChange={setPassword} tried={tried} />
      {claim.error ? <ErrorState error={claim.error} /> : null}
      <div>
        <Button look="primary" type="submit" busy={claim.isPending || claim.isSuccess}>
          {t('claim.verb')}
        </Button>
      </div>
    </form>
  );
}
