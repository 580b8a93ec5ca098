// Theme, language and consent: each person's own, whatever the browser that they sign in from.
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { useSaveOwnSettings } from '../../../lib/mutations.ts';
import { useOwnSettings } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { SettingRow } from './setting-row.tsx';
import { SettingsGroup } from './settings-group.tsx';

export function OwnSettings() {
  const { t } = useTranslation(['settings', 'common']);
  const { accounts } = useRights();
  const { data, error, refetch } = useOwnSettings();
  const save = useSaveOwnSettings();
  if (data === undefined)
    return error ? (
      <ErrorState error={error} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={2} label={t('common:loading')} className="h-14" />
    );
  return (
    <>
      {save.error ? <ErrorState error={save.error} className="mb-6" /> : null}
      <SettingsGroup title={t('looks')} {...(accounts ? { lead: t('looks_text') } : {})}>
        <SettingRow title={t('language.title')} text={t('language.text')}>
          {(control) => (
            <Select
              {...control}
              className="w-48!"
              value={data.language}
              options={(['auto', 'en', 'fr'] as const).map((value) => ({
                value,
                label: t(`language.${value}`),
              }))}
              onChange={(language) => save.mutate({ language })}
            />
          )}
        </SettingRow>
        <SettingRow title={t('theme.title')} text={t('theme.text')}>
          {(control) => (
            <Select
              {...control}
              className="w-48!"
              value={data.theme}
              options={(['auto', 'light', 'dark'] as const).map((value) => ({
                value,
                label: t(`theme.${value}`),
              }))}
              onChange={(theme) => save.mutate({ theme })}
            />
          )}
        </SettingRow>
      </SettingsGroup>
      {/* Alone, one agrees by collecting. */}
      {accounts ? (
        <SettingsGroup title={t('privacy')}>
          <SettingRow title={t('trainingConsent.title')} text={t('trainingConsent.text')}>
            {(control) => (
              <Switch
                {...control}
                checked={data.trainingConsent}
                onChange={(trainingConsent) => save.mutate({ trainingConsent })}
              />
            )}
          </SettingRow>
        </SettingsGroup>
      ) : null}
    </>
  );
}
