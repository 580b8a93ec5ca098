// Dates and numbers as they stand in a text, and their normal forms. What can be read in two ways has none.

const months: readonly string[] = [
  'january|jan|janvier|janv|januar',
  'february|feb|février|fevrier|févr|fevr|februar',
  'march|mar|mars|märz',
  'april|apr|avril|avr',
  'may|mai',
  'june|jun|juin|juni',
  'july|jul|juillet|juil|juli',
  'august|aug|août|aout',
  'september|sept|sep|septembre',
  'october|oct|octobre|okt|oktober',
  'november|nov|novembre',
  'december|dec|décembre|decembre|déc|dez|dezember',
];
const month = `(?:${months.join('|')})\\.?`;
const datePatterns: readonly RegExp[] = [
  /(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)/g,
  /(?<!\d)\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2})(?!\d)/g,
  new RegExp(
    `(?<!\\d)\\d{1,2}(?:er|st|nd|rd|th)?[\\s-]*(?:of\\s+)?${month}(?!\\p{L})(?:[\\s,'-]*\\d{4}|[\\s-]*'?\\d{2}(?!\\d))?`,
    'giu',
  ),
  new RegExp(`(?<!\\p{L})${month}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?(?!\\d)`, 'giu'),
  new RegExp(`(?<!\\p{L})${month}\\s+\\d{4}(?!\\d)`, 'giu'),
];
const numberPattern =
  /(?<![\p{L}\d.,])[+-]?\s?\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)|(?<![\p{L}\d])[+-]?\d+(?:[.,]\d+)*(?!\d)/gu;

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => text.trim()))];
}

/** What looks like a date, in the order of the text. */
export function dateCandidates(text: string): string[] {
  const found = datePatterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ at: match.index, text: match[0] })),
  );
  const whole = found.filter(
    (one) =>
      !found.some(
        (other) =>
          other !== one &&
          other.text.length > one.text.length &&
          other.at <= one.at &&
          other.at + other.text.length >= one.at + one.text.length,
      ),
  );
  return unique(whole.sort((a, b) => a.at - b.at).map((one) => one.text));
}

const signBefore = /(?:[$€£¥%]|(?<!\p{L})(?:RM|USD|EUR|GBP|CHF|CAD))\s?$/u;
const signAfter = /^\s?(?:[$€£¥%]|(?:RM|USD|EUR|GBP|CHF|CAD|euros?)(?!\p{L}))/u;

/** What looks like a number, and with the sign of its currency, because a model may copy either. */
export function numberCandidates(text: string): string[] {
  const found = [...text.matchAll(numberPattern)].flatMap((match) => {
    const before = signBefore.exec(text.slice(Math.max(0, match.index - 5), match.index))?.[0] ?? '';
    const end = match.index + match[0].length;
    const after = signAfter.exec(text.slice(end, end + 7))?.[0] ?? '';
    return [match[0], `${before}${match[0]}${after}`];
  });
  return unique(found);
}

function iso(year: number, monthNumber: number, day: number): string | null {
  const date = new Date(Date.UTC(year, monthNumber - 1, day));
  const isReal = date.getUTCMonth() === monthNumber - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : null;
}

const century = (year: number) => (year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year);

/** ISO 8601; a month or a year alone when no more is there; null when it is no date or could be two. */
export function normalDate(text: string, language: string | null): string | null {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [a, b, c] = numbers;
  const name = months.findIndex((names) => new RegExp(`(?<!\\p{L})(?:${names})(?!\\p{L})`, 'iu').test(text));
  if (name >= 0) {
    const pad = String(name + 1).padStart(2, '0');
    if (numbers.length === 1 && a !== undefined)
      return a > 31 ? `${a}-${pad}` : `--${pad}-${String(a).padStart(2, '0')}`;
    if (a === undefined || b === undefined) return null;
    return a > 31 ? iso(a, name + 1, b) : iso(century(b), name + 1, a);
  }
  if (a === undefined) return null;
  if (b === undefined || c === undefined)
    return numbers.length === 1 && a >= 1000 && a <= 9999 ? String(a) : null;
  if (a > 31) return iso(a, b, c);
  const year = century(c);
  if (a > 12) return iso(year, b, a);
  if (b > 12) return iso(year, a, b);
  // Day first, but in English nobody can know.
  return a === b || language !== 'en' ? iso(year, b, a) : null;
}

/** null when it is no number. A single comma or point before three digits groups where the language groups so. */
export function normalNumber(text: string, language: string | null): number | null {
  const found = /[+-]?\s?\d[\d.,' ’\u00a0\u202f]*/.exec(text)?.[0];
  if (found === undefined) return null;
  let digits = found.replace(/[\s'’\u00a0\u202f]/g, '').replace(/[.,]+$/, '');
  const last = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'));
  if (last >= 0) {
    const sign = digits[last] ?? '';
    const signs = digits.match(/[.,]/g) ?? [];
    const isMixed = signs.some((one) => one !== sign);
    const isGroup =
      !isMixed &&
      digits.length - last === 4 &&
      /^[+-]?[1-9]\d{0,2}([.,]\d{3})+$/.test(digits) &&
      (signs.length > 1 || (sign === ',') === (language === 'en'));
    digits = isGroup
      ? digits.replace(/[.,]/g, '')
      : `${digits.slice(0, last).replace(/[.,]/g, '')}.${digits.slice(last + 1)}`;
  }
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}
