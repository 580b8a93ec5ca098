// What every part of the page stands on: cache, events, theme and language from the settings, tooltips, toasts.
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Toaster } from '../components/ui/toast.tsx';
import { TooltipProvider } from '../components/ui/tooltip.tsx';
import { openEvents } from '../lib/events.ts';
import { queryClient } from '../lib/query-client.ts';
import { router } from './router.tsx';
import { SessionGate } from './session-gate.tsx';
import { SettingsEffect } from './settings-effect.tsx';

function Events() {
  useEffect(() => openEvents(queryClient), []);
  return null;
}

export function Providers() {
  return (
    <QueryClientProvider client={queryClient}>
      <TooltipProvider delayDuration={300} skipDelayDuration={200}>
        <SessionGate>
          <Events />
          <SettingsEffect />
          <RouterProvider router={router} />
        </SessionGate>
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>
  );
}
