// Runs before the first paint, so that a chosen theme and language never flash. See lib/preferences.ts.
try {
  const { theme, language } = JSON.parse(localStorage.getItem('atelier.preferences') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (language === 'en' || language === 'fr') document.documentElement.lang = language;
} catch {
  // A browser that keeps nothing for this page shows the system's theme.
}
