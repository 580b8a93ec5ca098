// Settings: one's own looks, what the ledger keeps, memory, and what this program is. Changes hold at once.
import Download from 'lucide-react/icons/download';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../../../contracts/system.ts';
import { Section } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useSaveSettings } from '../../../lib/mutations.ts';
import { useHealth, useSettings } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { limitChoices, type limits, readLimit, writeLimit } from '../lib/limits.ts';
import { OwnSettings } from './own-settings.tsx';
import { SettingRow } from './setting-row.tsx';
import { SettingsGroup } from './settings-group.tsx';

export function GeneralSettings() {
  const { t } = useTranslation('common');
  const settings = useSettings();
  return (
    <>
      {settings.error && !settings.data ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : null}
      {!settings.data && !settings.error ? (
        <SkeletonRows rows={6} label={t('loading')} className="h-14" />
      ) : null}
      <OwnSettings />
      {settings.data ? <Form settings={settings.data} /> : null}
      <About />
    </>
  );
}

function Form({ settings }: { settings: Settings }) {
  const { t } = useTranslation(['settings', 'access']);
  const format = useFormat();
  const save = useSaveSettings();
  const mayChange = useRights().may('settings');

  const limit = (key: keyof typeof limits) => (
    <SettingRow title={t(`${key}.title`)} text={t(`${key}.text`)}>
      {(control) => (
        <Select
          {...control}
          className="w-48!"
          disabled={!mayChange}
          value={writeLimit(settings[key])}
          options={limitChoices(key, settings[key]).map((value) => ({
            value: writeLimit(value),
            label:
              value === null
                ? t(`${key}.never`)
                : t(`${key}.value`, {
                    count: value,
                    n: key === 'retentionMegabytes' ? format.size(value * 1e6) : format.whole(value),
                  }),
          }))}
          onChange={(value) => save.mutate({ [key]: readLimit(value) })}
        />
      )}
    </SettingRow>
  );
  return (
    <>
      {save.error ? <ErrorState error={save.error} className="mb-6" /> : null}
      {mayChange ? null : <p className="mb-4 text-sm text-quiet">{t('access:not_yours')}</p>}
      <SettingsGroup title={t('ledger')}>
        <SettingRow title={t('keepContent.title')} text={t('keepContent.text')}>
          {(control) => (
            <Switch
              {...control}
              checked={settings.keepContent}
              disabled={!mayChange}
              onChange={(keepContent) => save.mutate({ keepContent })}
            />
          )}
        </SettingRow>
        {limit('retentionDays')}
        {limit('retentionMegabytes')}
        <SettingRow title={t('ratings.title')} text={t('ratings.text')}>
          {({ id: _id, ...control }) => (
            <a
              href="/atelier/v1/ratings/export"
              download
              className={buttonClass('secondary', 'small')}
              {...control}
            >
              <Download aria-hidden="true" />
              {t('ratings.verb')}
            </a>
          )}
        </SettingRow>
      </SettingsGroup>
      <SettingsGroup title={t('memory')}>{limit('unloadAfterMinutes')}</SettingsGroup>
    </>
  );
}

function About() {
  const { t } = useTranslation('settings');
  const health = useHealth().data;
  const rows: [string, ReactNode][] = [
    [t('about.version'), health?.version ?? '–'],
    [t('about.store'), health ? t(`about.${health.store}`) : '–'],
    [t('about.licence'), 'MIT'],
    [
      t('about.api'),
      <a
        key="docs"
        href="/docs"
        className="underline decoration-control underline-offset-4 hover:decoration-ink"
      >
        {t('about.docs')}
      </a>,
    ],
  ];
  return (
    <Section title={t('about.title')} lead={t('about.text')}>
      <dl className="tabular divide-y divide-line rounded-md border border-line bg-raised">
        {rows.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4 px-4 py-2.5">
            <dt className="text-quiet">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
