// Numbers with a check digit: bank accounts, cards, French social security and company numbers. Nothing in a row of digits
// is one of these unless its check digits say so, and of those with a weak check a word beside it must say so too.
import * as check from './check-digits.ts';
import { type Rule, rule } from './rule.ts';

const gap = String.raw`[ \u00a0\u202f.-]?`;
const bare = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
/** Digits, however they are grouped, that nothing else of a number or word goes on with. */
const groups = (digits: string) =>
  new RegExp(String.raw`(?<![\p{L}\p{N}_+]|[\p{N}][.,-])${digits}(?![\p{L}\p{N}_]|[.,-]\p{N})`, 'gu');

/** Lengths of ISO 13616, by country. */
const ibanLengths: Record<string, number> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
};

/**
 * First digits and lengths of Visa, Mastercard, American Express, Discover, Diners, JCB, Maestro, UnionPay. Those of 13
 * digits are out of use, and the number under every bar code has 13.
 */
const cards: readonly RegExp[] = [
  /^4(\d{15}|\d{18})$/,
  /^(5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/,
  /^3[47]\d{13}$/,
  /^6(011|4[4-9]\d|5\d\d)\d{12}$/,
  /^3(0[0-5]|[689]\d)\d{11}$/,
  /^35(2[89]|[3-8]\d)\d{12}$/,
  /^(50|5[6-9]|6\d)\d{14,17}$/,
  /^62\d{14,17}$/,
];

/** Where a length counts spaces too: how much of the text holds the first signs of the bare one. */
function lengthOf(text: string, signs: number): number {
  let seen = 0;
  for (let at = 0; at < text.length; at++)
    if (/[0-9A-Za-z]/.test(text.charAt(at)) && ++seen === signs) return at + 1;
  return text.length;
}

const iban = rule(
  'iban',
  'a country code, its length and the check digits (mod 97)',
  new RegExp(String.raw`(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?:${gap}[0-9A-Za-z]){11,30}`, 'gu'),
  (text) => {
    const all = bare(text);
    const length = ibanLengths[all.slice(0, 2)];
    if (length === undefined || all.length < length || !check.iban(all.slice(0, length))) return null;
    const taken = lengthOf(text, length);
    // A longer word that only begins like one.
    if (/^[0-9A-Za-z]/.test(text.slice(taken))) return null;
    return { certain: true, length: taken };
  },
);

/** As it is printed, or in one row: what stands behind it, such as its date or the three digits of the back, is no part. */
const printed = String.raw`(?:\d{4}(?:${gap}\d{4}){3}(?:${gap}\d{3})?|3\d{3}${gap}\d{6}${gap}\d{4,5}|\d{14,19})`;
const isCard = (digits: string): boolean =>
  cards.some((kind) => kind.test(digits)) && check.luhn(digits) && !/^(\d)\1+$/.test(digits);

const cardHow = 'the first digits of a kind of card, its length and the check digit (Luhn)';
const printedCard = rule('card', cardHow, groups(printed), (text) => {
  const digits = bare(text);
  // The check digit of a company's number is the same as a card's, and some begin alike.
  if (digits.length === 14 && check.siret(digits)) return null;
  if (isCard(digits)) return { certain: true };
  const short = digits.slice(0, 16);
  const length = lengthOf(text, 16);
  return digits.length === 19 && /^\D/.test(text.slice(length)) && isCard(short)
    ? { certain: true, length }
    : null;
});
const spacedCard = rule('card', cardHow, groups(String.raw`\d(?:${gap}\d){13,18}`), (text) => {
  const digits = bare(text);
  if (digits.length === 14 && check.siret(digits)) return null;
  return isCard(digits) ? { certain: true } : null;
});
const card: Rule = {
  ...printedCard,
  find: (text) => [...printedCard.find(text), ...spacedCard.find(text)],
};

const nirHow =
  'the French social security number with its key (mod 97), or without it where a word beside it says so';
const nirSigns = String.raw`[1-478]${gap}\d{2}${gap}(?:0[1-9]|1[0-2]|[2-9]\d)${gap}(?:\d{2}|2[ABab])${gap}\d{3}${gap}\d{3}`;
const nirWord = /s[ée]cu|\bnir\b|\bn(°|o|um[ée]ro)\s*(de\s*)?ss\b|\binsee\b|assurance[ -]maladie|immatricul/i;
const nirWithKey = rule('nir', nirHow, groups(String.raw`${nirSigns}(?:${gap}|\s?[/(]\s?)\d{2}`), (text) =>
  check.nir(bare(text)) ? { certain: true } : null,
);
const nirAlone = rule('nir', nirHow, groups(nirSigns), (_text, { before }) =>
  nirWord.test(before) ? { certain: false } : null,
);
const nir: Rule = { ...nirWithKey, find: (text) => [...nirWithKey.find(text), ...nirAlone.find(text)] };

const siretWord = /sir(et|en)|rcs|immatricul|tva|vat/i;
/** One row of nine digits in ten passes by chance: a word beside it or the usual groups must speak for it. */
const siret = rule(
  'siret',
  'fourteen digits with both check digits (La Poste’s own sum too)',
  groups(String.raw`\d{3}${gap}\d{3}${gap}\d{3}${gap}\d{5}`),
  (text, { before }) => {
    const digits = bare(text);
    if (/^0+$/.test(digits) || !check.siret(digits)) return null;
    return { certain: siretWord.test(before) };
  },
);
const siren = rule(
  'siren',
  'nine digits with the check digit, where a word beside it speaks of a company',
  groups(String.raw`\d{3}${gap}\d{3}${gap}\d{3}`),
  (text, { before, after }) => {
    const digits = bare(text);
    // The beginning of a longer number that is none.
    if (/^[ \u00a0\u202f]?\d{5}(?!\d)/.test(after)) return null;
    return siretWord.test(before) && !/^0+$/.test(digits) && check.luhn(digits) ? { certain: true } : null;
  },
);

/** Of two that are as certain and as long the first is kept. */
export const numberRules: readonly Rule[] = [iban, nir, card, siret, siren];
