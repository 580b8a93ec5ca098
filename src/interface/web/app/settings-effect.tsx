// Follows what the server keeps for whoever is here: theme and language of the page.
import { useEffect } from 'react';
import { setLanguage } from '../i18n/start.ts';
import { applyTheme, keepPreferences, languageInUse } from '../lib/preferences.ts';
import { useOwnSettings } from '../lib/queries.ts';

export function SettingsEffect() {
  const { data } = useOwnSettings();
  const language = data?.language;
  const theme = data?.theme;
  useEffect(() => {
    if (language === undefined || theme === undefined) return;
    keepPreferences({ language, theme });
    applyTheme(theme);
    void setLanguage(languageInUse(language));
  }, [language, theme]);
  return null;
}
