import i18next from 'i18next';
import { expect, test } from 'vitest';
import shipped from '../../../apps/shipped-figures.json' with { type: 'json' };
import { en } from '../i18n/en/index.ts';
import { fr } from '../i18n/fr/index.ts';
import { metricWord } from './metric-word.ts';

test('every measure of the figures that come with the program has its word in both languages', async () => {
  const words = i18next.createInstance();
  await words.init({ lng: 'fr', fallbackLng: false, resources: { fr, en } });
  for (const { metric } of shipped)
    for (const one of [en, fr]) expect(one.common.metric).toHaveProperty([metric]);
  expect(['accuracy', 'macro-F1', 'field F1', 'pass@1'].map((one) => metricWord(words, one))).toEqual([
    'exactitude',
    'F1 macro',
    'F1 par champ',
    'pass@1',
  ]);
  expect(metricWord(words, 'my own')).toBe('my own');
  await words.changeLanguage('en');
  expect(metricWord(words, 'field F1')).toBe('field F1');
});
