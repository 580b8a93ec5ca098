// Where a call came from, in words.
import { useTranslation } from 'react-i18next';
import { traceSources } from '../filters.ts';

export function useSourceWord(): (source: string) => string {
  const { t } = useTranslation('monitor');
  return (source) => {
    const known = traceSources.find((one) => one === source);
    return known ? t(`source.${known}`) : source;
  };
}
