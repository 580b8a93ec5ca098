// Names that the program gives to its own calls, in words; every other name stands as it was recorded.
import { useTranslation } from 'react-i18next';

export function useTraceName(): (name: string) => string {
  const { t } = useTranslation('monitor');
  return (name) => (name === 'title' ? t('name.title') : name);
}
