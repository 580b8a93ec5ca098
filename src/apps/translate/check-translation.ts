// What code can say against a translation: something protected is missing, a number is another one, marks are lost, it is
// not in the language, or it is no translation at all.
import { languageOf } from '../parts/text-language.ts';
import { countWords } from '../parts/words.ts';
import type { ProtectedSpan } from './protected-spans.ts';

/** Digits with what groups them: `1 234,5` and `1,234.5` are the same number. */
const NUMBER = /\d+(?:[.,]\d+|[ \u00a0\u202f]\d{3}(?!\d))*/g;

const roman: readonly (readonly [number, string])[] = [
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];
function toRoman(value: number): string {
  let left = value;
  let text = '';
  for (const [size, letters] of roman)
    while (left >= size) {
      text += letters;
      left -= size;
    }
  return text;
}

const spelled: readonly (readonly [string, string])[] = [
  ['0', 'zero|zéro'],
  ['1', 'one|un|une|first|premier|première|1er'],
  ['2', 'two|deux|second|seconde?|deuxième'],
  ['3', 'three|trois|third|troisième'],
  ['4', 'four|quatre|fourth|quatrième'],
  ['5', 'five|cinq|fifth|cinquième'],
  ['6', 'six|sixth|sixième'],
  ['7', 'seven|sept|seventh|septième'],
  ['8', 'eight|huit|eighth|huitième'],
  ['9', 'nine|neuf|ninth|neuvième'],
  ['10', 'ten|dix|tenth|dixième'],
  ['11', 'eleven|onze'],
  ['12', 'twelve|douze|noon|midi'],
];

/** Also written in words, as a century in Roman numerals, or on the other kind of clock. */
function standsOtherwise(digits: string, text: string, left: string[]): boolean {
  const words = spelled.find(([number]) => number === digits)?.[1];
  if (words !== undefined && new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, 'iu').test(text)) return true;
  const value = Number(digits);
  if (
    value > 0 &&
    value < 40 &&
    new RegExp(`(?<!\\p{L})${toRoman(value)}(?:e|ème|er|th|st|nd|rd)?(?!\\p{L})`, 'u').test(text)
  )
    return true;
  const hour = [value + 12, value - 12].map(String).find((other) => left.includes(other));
  if (hour === undefined || !/\b[ap]\.?\s?m\b|\dh|\d\s+h\b|heures?/i.test(text)) return false;
  left.splice(left.indexOf(hour), 1);
  return true;
}

const digitsOf = (text: string) => (text.match(NUMBER) ?? []).map((number) => number.replace(/\D/g, ''));

/** Numbers of the source that the target lacks, and numbers that it has on top. */
export function numberFaults(source: string, target: string): { missing: string[]; added: string[] } {
  const added = digitsOf(target);
  const missing: string[] = [];
  for (const number of digitsOf(source)) {
    const at = added.indexOf(number);
    if (at >= 0) added.splice(at, 1);
    else missing.push(number);
  }
  const lost = missing.filter((digits) => !standsOtherwise(digits, target, added));
  return { missing: lost, added: added.filter((digits) => !standsOtherwise(digits, source, [])) };
}

const countOf = (text: string, part: RegExp) => text.match(part)?.length ?? 0;

export interface TranslationCheck {
  from: string;
  to: string;
  spans: readonly ProtectedSpan[];
}

/** Sentences, the worst first; empty when nothing speaks against it. */
export function translationFaults(
  source: string,
  target: string,
  { from, spans }: TranslationCheck,
): string[] {
  if (target.trim() === '') return ['nothing was written'];
  const faults: string[] = [];
  const plain = (text: string) => spans.reduce((left, span) => left.replace(span.text, ' '), text);
  const words = countWords(plain(source));
  if (words >= 4 && target.trim() === source.trim()) faults.push('it was not translated');
  else if (words >= 6 && languageOf(plain(target)) === from)
    faults.push('it is still in the language of the original');
  if (target.length > 3 * source.length + 60) faults.push('it says more than the original');
  if (target.length * 4 < source.length) faults.push('it says less than the original');

  let rest = target;
  for (const { text } of spans) {
    const at = rest.indexOf(text);
    if (at < 0) faults.push(`${text} is missing`);
    else rest = rest.slice(0, at) + rest.slice(at + text.length);
  }
  if (/\{\{\s*\d+\s*\}\}/.test(plain(target))) faults.push('a placeholder was left in it');
  const { missing, added } = numberFaults(plain(source), plain(target));
  if (missing.length > 0) faults.push(`the number ${missing.join(', ')} is missing`);
  if (added.length > 0) faults.push(`the number ${added.join(', ')} was added`);
  for (const [mark, pattern] of marks)
    if (countOf(plain(source), pattern) !== countOf(plain(target), pattern))
      faults.push(`${mark} was lost or added`);
  return faults;
}

const marks: readonly (readonly [string, RegExp])[] = [
  ['a mark of bold text', /\*\*|__/g],
  ['a link', /\]\(/g],
  ['a struck mark', /~~/g],
  ['a line break', /\n/g],
];
