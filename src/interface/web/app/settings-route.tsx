// The Settings door: the program's own settings, and beside them keys, people, budgets and changes for those who may.
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../components/page.tsx';
import { Tabs } from '../components/ui/tabs.tsx';
import { AuditPanel } from '../features/access/components/audit-panel.tsx';
import { BudgetsPanel } from '../features/access/components/budgets-panel.tsx';
import { KeysPanel } from '../features/access/components/keys-panel.tsx';
import { OwnPassword } from '../features/access/components/own-password.tsx';
import { PeoplePanel } from '../features/access/components/people-panel.tsx';
import { GeneralSettings } from '../features/settings/components/general-settings.tsx';
import { type SettingsTab, settingsTabs } from '../features/settings/search.ts';
import { type Right, useRights } from '../lib/session.ts';

const needed: Record<SettingsTab, Right | null> = {
  general: null,
  keys: null,
  people: 'people',
  budgets: null,
  audit: 'audit',
};

const panels: Record<SettingsTab, () => ReactNode> = {
  general: () => (
    <>
      <OwnPassword />
      <GeneralSettings />
    </>
  ),
  keys: () => <KeysPanel />,
  people: () => <PeoplePanel />,
  budgets: () => <BudgetsPanel />,
  audit: () => <AuditPanel />,
};

export function SettingsRoute() {
  const { t } = useTranslation(['settings', 'access']);
  const navigate = useNavigate();
  const { may } = useRights();
  const shown = settingsTabs.filter((tab) => {
    const right = needed[tab];
    return right === null || may(right);
  });
  const { tab: asked = 'general' } = useSearch({ from: '/settings' });
  const tab = shown.find((one) => one === asked) ?? 'general';
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Tabs
        label={t('access:tabs')}
        value={tab}
        onChange={(next) =>
          void navigate({ to: '/settings', search: next === 'general' ? {} : { tab: next }, replace: true })
        }
        tabs={shown.map((value) => ({
          value,
          label: t(`access:tab.${value}`),
          content: value === tab ? panels[value]() : null,
        }))}
      />
    </Page>
  );
}
