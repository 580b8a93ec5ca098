// The verdict of an evaluation: its sentence in both languages, and whether the difference may be chance.
import i18next from 'i18next';
import { describe, expect, test } from 'vitest';
import type { Comparison, Evaluation } from '../../../../../contracts/evaluation.ts';
import { en } from '../../../i18n/en/index.ts';
import { fr } from '../../../i18n/fr/index.ts';
import { readThreshold, writeThreshold } from './gate-draft.ts';
import { needHour } from './tell-apart.ts';
import { chance, signed, verdictOf } from './verdict.ts';

const comparison = (low: number, high: number): Comparison => ({
  from: 0,
  to: 1,
  better: 41,
  worse: 9,
  equal: 10,
  difference: { value: (low + high) / 2, low, high },
  signTest: 4e-6,
});

describe('a verdict', () => {
  test('is for or against only when the whole interval lies on one side', () => {
    expect(verdictOf(comparison(0.18, 0.42)).kind).toBe('better');
    expect(verdictOf(comparison(-0.42, -0.18)).kind).toBe('worse');
    expect(verdictOf(comparison(-0.03, 0.16)).kind).toBe('open');
    expect(verdictOf(comparison(0, 0.16)).kind).toBe('open');
  });

  test('is one sentence in each language', async () => {
    const words = i18next.createInstance();
    await words.init({ lng: 'en', resources: { en, fr }, interpolation: { escapeValue: false } });
    const say = (language: string) => {
      const { better, worse, total, low, high } = verdictOf(comparison(0.18, 0.42));
      return words.t('evaluations:verdict.sentence', {
        lng: language,
        better,
        worse,
        total,
        low: signed(low, language),
        high: signed(high, language),
      });
    };
    expect(say('en')).toBe('Better on 41 of 60, worse on 9; interval +.18 to +.42');
    expect(say('fr')).toBe('Meilleur sur 41 des 60, moins bon sur 9\u202f; intervalle de +0,18 à +0,42');
  });

  test('signs are written, and nothing is no loss', () => {
    expect(signed(-0.034, 'en')).toBe('\u2212.03');
    expect(signed(-0.034, 'fr')).toBe('\u22120,03');
    expect(signed(-0.001, 'en')).toBe('+.00');
    expect(signed(1, 'en')).toBe('+1.00');
  });

  test('chance is never written as nothing', () => {
    expect(chance(4e-6, 'en')).toBe('<\u00a00.001');
    expect(chance(0.49, 'fr')).toBe('=\u00a00,49');
  });
});

describe('a threshold', () => {
  test('is typed as it is shown', () => {
    expect(readThreshold('minDifference', '\u22120,05')).toBe(-0.05);
    expect(readThreshold('maxWorseShare', '1.5')).toBeUndefined();
    expect(readThreshold('minExamples', '')).toBeUndefined();
    expect(readThreshold('minScore', '')).toBeNull();
    expect(writeThreshold(0.5, 'fr')).toBe('0,5');
  });
});

test('evaluations of one name are told apart by version and day, and where that is not enough by the hour', () => {
  const one = (id: string, datasetVersion: number, createdAt: number) =>
    ({ id, input: { name: 'Facts' }, datasetVersion, createdAt }) as unknown as Evaluation;
  const day = (ms: number) => String(Math.floor(ms / 100));
  const all = [one('a', 1, 10), one('b', 2, 20), one('c', 2, 130), one('d', 2, 140)];
  expect([...needHour(all, day)]).toEqual(['c', 'd']);
});
