// Starts the page: language and theme first, then the routes.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './app/app.css';
import { Providers } from './app/providers.tsx';
import { startI18n } from './i18n/start.ts';
import { languageInUse, readPreferences } from './lib/preferences.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

await startI18n(languageInUse(readPreferences().language));
createRoot(root).render(
  <StrictMode>
    <Providers />
  </StrictMode>,
);
