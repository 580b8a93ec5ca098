// The apps whose names hold what was typed, in the words of the page.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../../contracts/app.ts';
import { api } from '../../lib/api.ts';
import { queryKeys } from '../../lib/query-keys.ts';

export interface FoundApp {
  name: string;
  title: string;
  description: string;
}

export function useFoundApps() {
  const { i18n } = useTranslation();
  const list = useQuery({
    queryKey: [...queryKeys.apps, 'list'],
    queryFn: ({ signal }) => api<{ apps: AppInfo[] }>('/apps', { signal }),
  });
  const language = i18n.language === 'fr' ? 'fr' : 'en';
  const words = (text: AppInfo['title'], otherwise: string) => text[language] ?? text.en ?? otherwise;
  return {
    error: list.error,
    retry: () => void list.refetch(),
    found(typed: string): FoundApp[] {
      const wanted = typed.trim().toLowerCase();
      return (list.data?.apps ?? [])
        .map(({ name, title, description }) => ({
          name,
          title: words(title, name),
          description: words(description, ''),
        }))
        .filter((app) => `${app.name} ${app.title}`.toLowerCase().includes(wanted));
    },
  };
}
