// Language and theme as this browser last saw them, so that the first paint is right before the server answers.
import type { Settings } from '../../../contracts/system.ts';

export type Preferences = Pick<Settings, 'language' | 'theme'>;
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

const KEY = 'atelier.preferences';

export function readPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return { language: kept.language ?? 'auto', theme: kept.theme ?? 'auto' };
  } catch {
    return { language: 'auto', theme: 'auto' };
  }
}

export function keepPreferences({ language, theme }: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ language, theme }));
  } catch {
    // Private windows may refuse storage: the server's settings still hold.
  }
}

/** The language to write in: the chosen one, or the first of the browser's that we have. */
export function languageInUse(
  choice: Settings['language'],
  wanted: readonly string[] = navigator.languages,
): Language {
  if (choice !== 'auto') return choice;
  for (const tag of wanted) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

export function applyTheme(theme: Settings['theme']): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
