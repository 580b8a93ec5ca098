// Telephone numbers: French ones in their ten digits, international ones after a plus or 00, others only where a word
// says so. A row of digits alone is none: order numbers, dates and amounts look the same.
import { type Rule, rule } from './rule.ts';

const gap = String.raw`(?:[ \u00a0\u202f.\-/]|\s?\(0\)\s?)?`;
const french = String.raw`0[1-9](?:${gap}\d{2}){4}`;
const international = String.raw`(?:\+|00[ \u00a0\u202f]?)[1-9]\d{0,2}(?:[ \u00a0\u202f.\-]?\(?\d{1,4}\)?){2,6}`;
const american = String.raw`\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[ .\-]\d{4}`;
const form = new RegExp(
  String.raw`(?<![\p{L}\p{N}_]|\p{N}[.,\-])(?:${international}|${french}|${american})(?![\p{L}\p{N}_]|[.,\-]\p{N}|/[1-9])`,
  'gu',
);

/** What stands before a number that is one of something else. */
const otherNumber =
  /(num[ée]ro de (commande|dossier|facture|client|contrat)|commande|facture|dossier|r[ée]f\w*\.?|order|invoice|ticket|#|isbn|version|€|\$)\s*[:#]?\s*$/i;
/** Of a telephone too ("mon n° : 06 12 ..."), so that it speaks only of digits that are not grouped as one is. */
const anyNumber = /(n°|no\.?)\s*:?\s*$/i;
const inPairs = /^0[1-9]([ \u00a0\u202f.\-/])\d{2}(\1\d{2}){3}$/;
const phoneWord = /(t[ée]l\w*|phone|mobile|portable|fax|call|appel\w*|joindre|whatsapp|sms)\W{0,12}$/i;
/** Day, month and year, also within what a receipt writes in a row. */
const date = /(?<!\d)\d{2}([./-])\d{2}\1(19|20)\d{2}(?!\d)/;

export const phoneRule: Rule = rule(
  'phone',
  'French numbers of ten digits, international ones after + or 00, American ones in their groups',
  form,
  (text, { before }) => {
    const digits = text.replace(/\D/g, '');
    if (date.test(text) || otherNumber.test(before)) return null;
    if (anyNumber.test(before) && !inPairs.test(text) && !text.startsWith('+')) return null;
    // A bracket that was opened before the number is not its own.
    const length = text.endsWith(')') && !text.includes('(') ? text.length - 1 : text.length;
    if (/^(\+|00)/.test(text)) {
      const isPlus = text.startsWith('+');
      const count = digits.length - (isPlus ? 0 : 2);
      if (count < 8 || count > 15) return null;
      if (isPlus) return { certain: true, length };
      // Many numbers of other things begin with two zeros.
      const groups = text.split(/\D+/).filter((group) => group !== '').length;
      return groups > 3 || /^0033[1-9]\d{8}$/.test(digits) || phoneWord.test(before)
        ? { certain: false, length }
        : null;
    }
    if (digits.startsWith('0')) {
      // Together as one word it may be any code: then somebody must say that it is a telephone.
      const grouped = /\D/.test(text);
      return { certain: grouped || phoneWord.test(before) };
    }
    return { certain: phoneWord.test(before) };
  },
);
