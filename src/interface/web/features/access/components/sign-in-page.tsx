// Who are you? Shown in place of everything while accounts are on and nobody is signed in.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useSignIn } from '../api/sign-in.ts';

export function SignInPage({ insecure }: { insecure: boolean }) {
  const { t } = useTranslation('access');
  usePageTitle(t('sign_in.title'));
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The page begins anew as this person: nothing of whoever was here before stays in memory.
    signIn.mutate({ email, password }, { onSuccess: () => location.reload() });
  };
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-10">
      <header>
        <p className="text-base font-semibold tracking-tight">Atelier</p>
        <h1 className="mt-1 text-xl font-semibold tracking-tight">{t('sign_in.title')}</h1>
      </header>
      {insecure ? (
        <p role="note" className="rounded-md bg-needs-soft px-4 py-3 text-sm">
          {t('sign_in.insecure')}
        </p>
      ) : null}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('email')}>
          {(control) => (
            <Input
              {...control}
              type="email"
              required
              autoFocus
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('password')}>
          {(control) => (
            <Input
              {...control}
              type="password"
              required
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {signIn.error ? <ErrorState error={signIn.error} /> : null}
        <Button look="primary" type="submit" busy={signIn.isPending || signIn.isSuccess}>
          {t('sign_in.verb')}
        </Button>
      </form>
      <p className="text-sm text-quiet">{t('sign_in.forgotten')}</p>
    </main>
  );
}
