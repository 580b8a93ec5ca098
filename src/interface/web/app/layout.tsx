// The shell: rail, page, phone bar; and the two things every page answers to, the palette and the keys.
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '../components/ui/skeleton.tsx';
import { TaskToasts } from '../features/tasks/components/task-toasts.tsx';
import { allWords } from '../i18n/start.ts';
import { type DoorKey, doorKeys, isWriting } from '../lib/shortcuts.ts';
import { InsecureBanner } from './insecure-banner.tsx';
import { PhoneBar } from './phone-bar.tsx';
import { Rail } from './rail.tsx';
import { WordsGate } from './words-gate.tsx';

const loadPalette = () => import('../features/palette/components/palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const KeysDialog = lazy(async () => ({
  default: (await import('../features/palette/components/keys-dialog.tsx')).KeysDialog,
}));

/** The palette is fetched once the page has settled: keys typed right after Ctrl+K must find it there. */
const PALETTE_AFTER_MS = 3000;
/** How long the second key of "g then h" may take. */
const PAIR_MS = 1200;

/** Offline for a moment: opening the palette tries again and says what is wrong. */
const reportLater = () => {};

type Overlay = 'palette' | 'keys' | null;

function useShortcuts(open: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let armedAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open('palette');
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isWriting(event.target)) return;
      if (event.key === '?') open('keys');
      else if (event.key === 'g') armedAt = event.timeStamp;
      else if (armedAt > 0 && event.timeStamp - armedAt < PAIR_MS && event.key in doorKeys) {
        armedAt = 0;
        void navigate({ to: doorKeys[event.key as DoorKey] });
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, open]);
}

function PageSkeleton() {
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-3 px-4 pt-8 md:px-8" aria-hidden="true">
      <Skeleton className="h-9 w-48" />
      <Skeleton className="mt-4 h-16" />
      <Skeleton className="h-16" />
      <Skeleton className="h-16" />
    </div>
  );
}

export function Layout() {
  const { t } = useTranslation('shell');
  const [overlay, setOverlay] = useState<Overlay>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      void loadPalette().catch(reportLater);
      void allWords().catch(reportLater);
    }, PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const close = useCallback((open: boolean) => setOverlay((now) => (open ? now : null)), []);
  const { pathname } = useLocation();
  const door = pathname.split('/')[1] ?? '';
  useShortcuts(setOverlay);
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] md:grid-cols-[14rem_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)]">
      <a
        href="#content"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 text-sm font-semibold text-on-accent focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <Rail onPalette={() => setOverlay('palette')} />
      <div className="flex min-h-0 min-w-0 flex-col">
        <InsecureBanner />
        <main
          id="content"
          tabIndex={-1}
          className="relative min-h-0 min-w-0 grow basis-0 overflow-y-auto outline-none"
        >
          <Suspense key={door} fallback={<PageSkeleton />}>
            <WordsGate door={door}>
              <Outlet />
            </WordsGate>
          </Suspense>
        </main>
      </div>
      <PhoneBar onPalette={() => setOverlay('palette')} />
      <TaskToasts />
      <Suspense fallback={null}>
        {overlay === 'palette' ? <Palette onOpenChange={close} onKeys={() => setOverlay('keys')} /> : null}
        {overlay === 'keys' ? <KeysDialog onOpenChange={close} /> : null}
      </Suspense>
    </div>
  );
}
