// The Home door: the composer, under it what the model is doing, and the way back into recent conversations.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../../components/page.tsx';
import { FirstRunLine } from './first-run-line.tsx';
import { Recent } from './recent.tsx';

export interface HomePageProps {
  composer: ReactNode;
  onAddEndpoint: (start?: { name: string; baseUrl: string }) => void;
  onImportFile: () => void;
}

export function HomePage({ composer, onAddEndpoint, onImportFile }: HomePageProps) {
  const { t } = useTranslation('home');
  usePageTitle('');
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-[max(1.5rem,9dvh)] pb-16 md:px-8">
      <h1 className="mb-5 text-xl font-semibold tracking-tight">{t('title')}</h1>
      {composer}
      <FirstRunLine onAddEndpoint={onAddEndpoint} onImportFile={onImportFile} />
      <Recent />
    </div>
  );
}
