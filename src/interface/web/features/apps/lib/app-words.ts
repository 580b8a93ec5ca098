// Title and description of an app in the page's language; an app that has only one language says it in that.
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../../../contracts/app.ts';

export function useAppWords(): (app: AppInfo) => { title: string; description: string; example: unknown } {
  const { i18n } = useTranslation('apps');
  const [first, second] = i18n.language === 'fr' ? (['fr', 'en'] as const) : (['en', 'fr'] as const);
  return (app) => ({
    title: app.title[first] ?? app.title[second] ?? app.name,
    description: app.description[first] ?? app.description[second] ?? '',
    example: app.example[first] ?? app.example[second],
  });
}
