// Sentences of a training whose words depend on figures: what speaks against a start, how near the engine is.
import i18next, { type i18n } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Parity } from '../../../../../contracts/tuned-model.ts';
import { en } from '../../../i18n/en/index.ts';
import { fr } from '../../../i18n/fr/index.ts';
import { concernText } from './concern-words.ts';
import { viewOfEstimate } from './estimate-view.ts';
import { lossesOf } from './losses.ts';
import { parityCase, powerOfTen } from './parity-words.ts';

let words: i18n;
beforeAll(async () => {
  words = i18next.createInstance();
  await words.init({ lng: 'en', resources: { en, fr }, interpolation: { escapeValue: false } });
});

describe('a concern', () => {
  const memory = {
    code: 'not_enough_memory',
    message: 'The run needs about 11.2 GB.',
    data: { neededBytes: 11.2e9, availableBytes: 4.1e9 },
    blocks: true,
  };

  test('says both numbers and what to do, in each language', async () => {
    await words.changeLanguage('en');
    const english = concernText(words, memory);
    expect(english.title).toMatch(/11\.2\sGB of memory are needed, 4\.1\sGB are free/);
    expect(english.next).toContain('smaller base');
    expect(english.technical).toBe(memory.message);
    await words.changeLanguage('fr');
    expect(concernText(words, memory).title).toMatch(/11,2\sGo de mémoire, 4,1\sGo sont libres/);
  });

  test('counts one example in the singular, and many with the marks of the language', async () => {
    const long = { ...memory, code: 'too_long' };
    await words.changeLanguage('en');
    const one = concernText(words, { ...long, data: { count: 1, longest: 795 } });
    expect(one.title).toBe('1 example is longer than a row (795 tokens)');
    await words.changeLanguage('fr');
    const many = concernText(words, { ...long, data: { count: 1200, longest: 795 } });
    expect(many.title).toMatch(/^1\s200 exemples dépassent une ligne/);
    const few = concernText(words, { ...memory, code: 'few_examples', data: { train: 3 } });
    expect(few.title).toBe('Seulement 3 exemples pour apprendre');
  });

  test('that the page does not know, or whose values are missing, is told as the program said it', () => {
    const told = { title: 'Something else.', next: null, technical: null };
    expect(concernText(words, { ...memory, code: 'new_one', message: 'Something else.' })).toEqual(told);
    expect(concernText(words, { ...memory, data: {}, message: 'Something else.' })).toEqual(told);
  });
});

describe('parity', () => {
  const parity: Parity = {
    tokens: 200,
    sameIds: true,
    maxDifference: 3.1e-4,
    meanDifference: 4e-5,
    boundOf: 'max' as const,
    bound: 1e-3,
    passed: true,
  };
  test('is the same, moved by a quantisation, off, or of other tokens', () => {
    const quantised = {
      ...parity,
      bound: 0.25,
      boundOf: 'mean' as const,
      maxDifference: 0.4,
      meanDifference: 0.05,
    };
    expect(parityCase(parity)).toBe('same');
    expect(parityCase(quantised)).toBe('moved');
    expect(parityCase({ ...quantised, meanDifference: 0.6, passed: false })).toBe('differs');
    expect(parityCase({ ...parity, maxDifference: 0.03, passed: false })).toBe('differs');
    expect(parityCase({ ...parity, sameIds: false, passed: false })).toBe('other_tokens');
  });
  test('is told in powers of ten', () => {
    expect([1e-3, 3.14e-4, 0.031, 0].map((value) => powerOfTen(value, 'en'))).toEqual([
      '1e-3',
      '3.1e-4',
      '0.031',
      '0',
    ]);
    expect(powerOfTen(3.14e-4, 'fr')).toBe('3,1e-4');
  });
});

test('what cannot start is given no time that could come true', () => {
  const concern = (blocks: boolean) => ({ code: 'x', message: '', data: {}, blocks });
  expect(viewOfEstimate({ concerns: [concern(false)], seconds: 90 })).toEqual({
    blocked: false,
    time: 'will',
  });
  expect(viewOfEstimate({ concerns: [concern(true)], seconds: 90 })).toEqual({
    blocked: true,
    time: 'would',
  });
  expect(viewOfEstimate({ concerns: [concern(true)], seconds: 0 })).toEqual({ blocked: true, time: null });
});

test('losses of different things are told apart: of probabilities, and of answers', () => {
  const run = (method: string, codes: string[] = []) =>
    lossesOf({
      input: { method },
      estimate: { concerns: codes.map((code) => ({ code, message: '', data: {}, blocks: false })) },
    } as unknown as Parameters<typeof lossesOf>[0]);
  expect([
    run('sft'),
    run('dpo'),
    run('distillation'),
    run('distillation', ['teacher_answers_only']),
  ]).toEqual(['tokens', 'pairs', 'two_things', 'tokens']);
});
