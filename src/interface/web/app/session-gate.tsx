// Lets the page through, or asks who is there while accounts are on and nobody is signed in.
import { lazy, type ReactNode, Suspense } from 'react';
import { allWords, setLanguage } from '../i18n/start.ts';
import { languageInUse } from '../lib/preferences.ts';
import { useSession } from '../lib/session.ts';

const SignInPage = lazy(async () => {
  const [{ SignInPage: page }] = await Promise.all([
    import('../features/access/components/sign-in-page.tsx'),
    // Whoever was here before may have chosen another than whoever comes now.
    setLanguage(languageInUse('auto')).then(() => allWords()),
  ]);
  return { default: page };
});

export function SessionGate({ children }: { children: ReactNode }) {
  const { data } = useSession();
  if (!data?.accounts || data.user !== null) return children;
  return (
    <Suspense fallback={null}>
      <SignInPage insecure={data.insecure} />
    </Suspense>
  );
}
