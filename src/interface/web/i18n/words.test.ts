// French and English are equals: the same keys, no empty value, and each in its own typography.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../../contracts/errors.ts';
import { noticeCodes } from '../../../contracts/notice.ts';
import { en } from './en/index.ts';
import { fr } from './fr/index.ts';

function flat(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, one]): [string, string][] =>
    typeof one === 'string' ? [[prefix + key, one]] : flat(one as object, `${prefix}${key}.`),
  );
}

const english = flat(en);
const french = flat(fr);
/** `{{names}}`, tags and addresses are no prose. */
const prose = (sentence: string) =>
  sentence
    .replace(/\{\{[^}]*\}\}/g, 'X')
    .replace(/https?:\/\/\S*/g, 'X')
    .replace(/<\/?\w+>/g, '');

describe('words', () => {
  test('both languages have the same keys', () => {
    const keys = (rows: [string, string][]) => rows.map(([key]) => key).sort();
    expect(keys(french)).toEqual(keys(english));
  });

  test('every file of words is loaded', () => {
    for (const language of ['en', 'fr'] as const) {
      const files = readdirSync(join(import.meta.dirname, language)).filter((name) => name.endsWith('.json'));
      expect(Object.keys(language === 'en' ? en : fr).sort()).toEqual(
        files.map((name) => name.replace('.json', '')).sort(),
      );
    }
  });

  test('every change that is recorded has words', () => {
    const routes = join(import.meta.dirname, '../../../api/routes');
    const recorded = readdirSync(routes)
      .filter((name) => !name.endsWith('.test.ts'))
      .flatMap((name) => [
        ...readFileSync(join(routes, name), 'utf8').matchAll(/audit\.record\(\s*[\w.(')]+,\s*'([^']+)'/g),
      ])
      .map((match) => match[1]?.replace('.', '_'));
    expect(recorded.length).toBeGreaterThan(20);
    expect(recorded.filter((action) => !Object.hasOwn(en.access.audit.actions, action ?? ''))).toEqual([]);
  });

  test('no value is empty or has stray spaces', () => {
    expect(
      [...english, ...french].filter(([, value]) => value.trim() === '' || value !== value.trim()),
    ).toEqual([]);
  });

  test('both languages put the same values into a sentence', () => {
    const holes = (sentence: string) =>
      [...sentence.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort();
    const other = new Map(french);
    const different = english.filter(
      ([key, value]) => String(holes(value)) !== String(holes(other.get(key) ?? '')) && !key.endsWith('_one'),
    );
    expect(different).toEqual([]);
  });

  test('French writes a narrow no-break space before ; : ! ? and inside « »', () => {
    const faults = [/(?<!\u202f)[;!?]/, /(?<!\u202f):(?=\s|$)/, /«(?!\u202f)/, /(?<!\u202f)»/];
    const wrong = french.filter(([, value]) => faults.some((fault) => fault.test(prose(value))));
    expect(wrong).toEqual([]);
  });

  test('French uses the curly apostrophe and its own quotation marks', () => {
    expect(french.filter(([, value]) => /['"“”]/.test(prose(value)))).toEqual([]);
  });

  test('every error code has words', () => {
    for (const words of [en, fr])
      expect(Object.keys(words.errors).sort()).toEqual([...Object.keys(errorCodes), 'offline'].sort());
  });

  test('every code of a notice has words', () => {
    for (const words of [en, fr]) expect(Object.keys(words.notices).sort()).toEqual([...noticeCodes].sort());
  });

  test('the glossary has a row for each field term', () => {
    const glossary = readFileSync(join(import.meta.dirname, 'glossary.md'), 'utf8');
    for (const term of ['prompt', 'token', 'embedding', 'trace', 'model', 'endpoint', 'alias', 'context'])
      expect(glossary).toMatch(new RegExp(`^\\| ${term} +\\|`, 'm'));
  });
});
