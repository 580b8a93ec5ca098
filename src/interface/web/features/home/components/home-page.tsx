// The Home door: the composer, under it what the model is doing, the system as drawn, and recent conversations.
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../../components/page.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { FirstRunLine } from './first-run-line.tsx';
import { Recent } from './recent.tsx';

const SystemDrawing = lazy(async () => ({
  default: (await import('./drawing/system-drawing.tsx')).SystemDrawing,
}));

/** The composer goes first: nobody waits for the drawing before typing. */
const DRAWING_AFTER_MS = 300;

export interface HomePageProps {
  composer: ReactNode;
  onAddEndpoint: (start?: { name: string; baseUrl: string }) => void;
  onImportFile: () => void;
}

export function HomePage({ composer, onAddEndpoint, onImportFile }: HomePageProps) {
  const { t } = useTranslation('home');
  usePageTitle('');
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), DRAWING_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="px-4 pt-[max(1.5rem,7dvh)] pb-16 md:px-8">
      <div className="mx-auto w-full max-w-3xl">
        <h1 className="mb-5 text-xl font-semibold tracking-tight">{t('title')}</h1>
        {composer}
        <FirstRunLine onAddEndpoint={onAddEndpoint} onImportFile={onImportFile} />
      </div>
      <div className="mx-auto w-full max-w-5xl">
        <Suspense fallback={<Skeleton className="mt-12 h-80" />}>
          {settled ? <SystemDrawing /> : <Skeleton className="mt-12 h-80" />}
        </Suspense>
      </div>
      <div className="mx-auto w-full max-w-3xl">
        <Recent />
      </div>
    </div>
  );
}
