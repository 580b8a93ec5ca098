// What a key may reach and a budget may count: models and their providers, apps and agents; with the names people know.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Subject } from '../../../../../contracts/access.ts';
import type { AppInfo } from '../../../../../contracts/app.ts';
import { isServed } from '../../../../../contracts/model.ts';
import { useKeys, useUsers } from '../../../lib/access-queries.ts';
import { useAgents } from '../../../lib/agent-queries.ts';
import { api } from '../../../lib/api.ts';
import { useModels } from '../../../lib/queries.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface Choice {
  value: string;
  label: string;
}

/** Aliases first, then whole providers, then single models. */
export function useModelChoices(): Choice[] {
  const { t } = useTranslation('access');
  const list = useModels().data;
  if (!list) return [];
  const models = list.models.filter((model) => !isServed(model));
  const providers = [...new Set(models.map(({ provider }) => provider))];
  return [
    ...[...new Set(['default', ...Object.keys(list.aliases)])].map((alias) => ({
      value: alias,
      label: t('scope.alias', { alias }),
    })),
    ...providers.map((provider) => ({ value: `${provider}/*`, label: t('scope.provider', { provider }) })),
    ...models.map(({ id }) => ({ value: id, label: id })),
  ];
}

export function useAppChoices(): Choice[] {
  const { t, i18n } = useTranslation('access');
  const language = i18n.language === 'fr' ? 'fr' : 'en';
  const apps = useQuery({
    queryKey: [...queryKeys.apps, 'list'],
    queryFn: ({ signal }) => api<{ apps: AppInfo[] }>('/apps', { signal }),
  }).data?.apps;
  const agents = useAgents().data;
  return [
    ...(apps ?? []).map(({ name, title }) => ({ value: name, label: title[language] ?? name })),
    ...(agents ?? []).map(({ name, title }) => ({
      value: `agents/${name}`,
      label: t('scope.agent', { name: title }),
    })),
  ];
}

/** The choices of each kind of subject. */
export function useSubjectChoices(): Record<Exclude<Subject['kind'], 'everyone'>, Choice[]> {
  const users = useUsers().data ?? [];
  const keys = useKeys().data ?? [];
  const apps = useAppChoices();
  return {
    user: users.map(({ id, name }) => ({ value: id, label: name })),
    key: keys
      .filter(({ revokedAt }) => revokedAt === null)
      .map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` })),
    app: apps,
  };
}

/** A subject in words; what was removed since keeps its id. */
export function useSubjectText(): (subject: Subject) => string {
  const { t } = useTranslation('access');
  const choices = useSubjectChoices();
  return ({ kind, id }) =>
    kind === 'everyone'
      ? t('subject.everyone')
      : t(`subject_named.${kind}`, { name: choices[kind].find(({ value }) => value === id)?.label ?? id });
}
