// The names of the measures that the program's own bench writes, in the person's language; any other is called what its
// figure calls it.
import type { i18n } from 'i18next';
import { useTranslation } from 'react-i18next';

export function metricWord(words: i18n, metric: string): string {
  const word: unknown = words.getResource(words.language, 'common', `metric.${metric}`);
  return typeof word === 'string' ? word : metric;
}

/** `metricWord` in the language of the page. */
export function useMetricWord(): (metric: string) => string {
  const { i18n } = useTranslation('common');
  return (metric) => metricWord(i18n, metric);
}
