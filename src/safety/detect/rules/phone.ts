// Telephone numbers: French ones in their ten digits, international ones after a plus or 00, others only where a word
// says so. A row of digits alone is none: order numbers, dates and amounts look the same.
import { type Rule, rule } from './rule.ts';

const gap = String.raw`(?:[ \u00a0\u202f.\-/]|\s?\(0\)\s?)?`;
const french = String.raw`0[1-9](?:${gap}\d{2}){4}`;
const international = String.raw`(?:\+|00[ \u00a0\u202f]?)[1-9]\d{0,2}(?:[ \u00a0\u202f.\-/]{0,2}\(?\d{1,4}\)?){2,6}`;
const american = String.raw`\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[ .\-]\d{4}`;
const form = new RegExp(
  String.raw`(?<![\p{L}\p{N}_]|\p{N}[.,\-/])(?:${international}|${french}|${american})(?![\p{L}\p{N}_]|[.,\-/]\p{N})`,
  'gu',
);

/** What stands before a number that is one of something else. */
const otherNumber =
  /(n°|no\.?|num[ée]ro de (commande|dossier|facture|client|contrat)|commande|facture|dossier|r[ée]f\w*\.?|order|invoice|ticket|#|isbn|version|€|\$)\s*[:#]?\s*$/i;
const phoneWord = /(t[ée]l\w*|phone|mobile|portable|fax|call|appel\w*|joindre|whatsapp|sms)\W{0,12}$/i;
/** A date that is written in ten digits has a month and a year in it. */
const date = /^\d{2}([./-])\d{2}\1(19|20)\d{2}\b/;

export const phoneRule: Rule = rule(
  'phone',
  'French numbers of ten digits, international ones after + or 00, American ones in their groups',
  form,
  (text, { before }) => {
    const digits = text.replace(/\D/g, '');
    const isInternational = /^(\+|00)/.test(text);
    if (date.test(text) || otherNumber.test(before)) return null;
    if (isInternational) {
      const count = digits.length - (text.startsWith('00') ? 2 : 0);
      if (count < 8 || count > 15) return null;
      return { certain: text.startsWith('+') };
    }
    if (digits.startsWith('0')) {
      // Together as one word it may be any code: then somebody must say that it is a telephone.
      const grouped = /\D/.test(text);
      return { certain: grouped || phoneWord.test(before) };
    }
    return { certain: phoneWord.test(before) };
  },
);
