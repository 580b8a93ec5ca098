// Starts the page: language, theme and who is signed in first, then the routes.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './app/app.css';
import { Providers } from './app/providers.tsx';
import { startI18n } from './i18n/start.ts';
import { languageInUse, readPreferences } from './lib/preferences.ts';
import { queryClient } from './lib/query-client.ts';
import { readSession } from './lib/session.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

await Promise.all([startI18n(languageInUse(readPreferences().language)), readSession(queryClient)]);
createRoot(root).render(
  <StrictMode>
    <Providers />
  </StrictMode>,
);
