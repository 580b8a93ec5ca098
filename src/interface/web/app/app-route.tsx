// The page of an app, with the way chat draws Markdown put into it.
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';

const AppPage = lazy(async () => ({
  default: (await import('../features/apps/components/app-page.tsx')).AppPage,
}));
const AnswerText = lazy(async () => ({
  default: (await import('../features/chat/components/markdown/answer-text.tsx')).AnswerText,
}));

const renderText = (text: string, finished: boolean) => (
  <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
    {/* What is split into blocks only grows; another text begins anew. */}
    <AnswerText key={finished ? text : 'growing'} text={text} finished={finished} cut={false} />
  </Suspense>
);

export function AppRoute() {
  const { name } = useParams({ strict: false });
  return <AppPage key={name} name={name ?? ''} renderText={renderText} />;
}
