// "Today", "Monday", "October 2026": the words for a group of conversations.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayGroup } from '../lib/days.ts';

export function useDayText(): (group: DayGroup) => string {
  const { t, i18n } = useTranslation('chat');
  return useMemo(() => {
    const day = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', day: 'numeric', month: 'long' });
    const month = new Intl.DateTimeFormat(i18n.language, { month: 'long', year: 'numeric' });
    return (group) => {
      if (group.kind === 'day') return day.format(group.at);
      if (group.kind === 'month') return month.format(group.at);
      return t(`day.${group.kind}`);
    };
  }, [t, i18n.language]);
}
