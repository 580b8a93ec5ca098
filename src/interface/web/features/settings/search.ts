// The part of the settings that the address names.
export const settingsTabs = ['general', 'keys', 'people', 'budgets', 'audit'] as const;
export type SettingsTab = (typeof settingsTabs)[number];

export interface SettingsSearch {
  tab?: Exclude<SettingsTab, 'general'>;
}

export function readSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = settingsTabs.find((one) => one === search.tab);
  return tab && tab !== 'general' ? { tab } : {};
}
