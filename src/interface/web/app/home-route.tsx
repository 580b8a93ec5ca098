// The first page: puts the composer of chat and the dialogs of models into what home says.
import { lazy, Suspense, useState } from 'react';
import { Skeleton } from '../components/ui/skeleton.tsx';
import { HomePage } from '../features/home/components/home-page.tsx';
import { allWords } from '../i18n/start.ts';

const HomeComposer = lazy(async () => ({
  default: (await import('../features/chat/components/home-composer.tsx')).HomeComposer,
}));
const ProviderDialog = lazy(async () => {
  const [{ ProviderDialog: dialog }] = await Promise.all([
    import('../features/models/components/provider-dialog.tsx'),
    allWords(),
  ]);
  return { default: dialog };
});
const ImportDialog = lazy(async () => {
  const [{ ImportDialog: dialog }] = await Promise.all([
    import('../features/models/components/import-dialog.tsx'),
    allWords(),
  ]);
  return { default: dialog };
});

type Open = { what: 'endpoint'; start?: { name: string; baseUrl: string } } | { what: 'file' } | null;

export function HomeRoute() {
  const [open, setOpen] = useState<Open>(null);
  const close = (isOpen: boolean) => !isOpen && setOpen(null);
  return (
    <>
      <HomePage
        composer={
          <Suspense fallback={<Skeleton className="h-28" />}>
            <HomeComposer />
          </Suspense>
        }
        onAddEndpoint={(start) => setOpen({ what: 'endpoint', ...(start ? { start } : {}) })}
        onImportFile={() => setOpen({ what: 'file' })}
      />
      <Suspense fallback={null}>
        {open?.what === 'endpoint' ? (
          <ProviderDialog {...(open.start ? { start: open.start } : {})} onOpenChange={close} />
        ) : null}
        {open?.what === 'file' ? <ImportDialog onOpenChange={close} /> : null}
      </Suspense>
    </>
  );
}
