import { expect, test } from 'vitest';
import { languageInUse } from './preferences.ts';

test('a choice wins; else the first language of the browser that we have', () => {
  expect(languageInUse('fr', ['en-GB'])).toBe('fr');
  expect(languageInUse('auto', ['de-DE', 'fr-CA', 'en'])).toBe('fr');
  expect(languageInUse('auto', ['en-US', 'fr'])).toBe('en');
  expect(languageInUse('auto', ['ja'])).toBe('en');
});
