// Dates of birth: a date right beside words that say that somebody was born then. A date alone is none.
import type { Found, Rule } from './rule.ts';

const months =
  'janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|janv\\.|f[ée]vr\\.|avr\\.|juil\\.|sept\\.|oct\\.|nov\\.|d[ée]c\\.|' +
  'january|february|march|april|may|june|july|august|september|october|november|december|jan\\.?|feb\\.?|mar\\.?|apr\\.?|jun\\.?|jul\\.?|aug\\.?|sep\\.?|sept\\.?|oct\\.?|nov\\.?|dec\\.?';
const year = String.raw`(?:1[89]|20)\d{2}`;
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
/** Not any number: a place may hold blanks too, and a search through a long row of them would never end. */
const gap = String.raw`[ \u00a0\u202f]{1,8}`;
const date = String.raw`(?:${day}(?:er|st|nd|rd|th)?${gap}(?:of${gap})?(?:${months}),?${gap}${year}|(?:${months})${gap}${day}(?:st|nd|rd|th)?,?${gap}${year}|${day}(?<sep>[./\-])${day}\k<sep>(?:${year}|\d{2})|${year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))`;
/** What stands before the date. "né à Lyon le" keeps the place between. */
const says = String.raw`(?:n[ée](?:\(e\)|·e|e)?s?${gap}(?:(?:à|au|aux|en)${gap}[\p{L}\p{M}'’\- ]{1,40}?,?${gap})?(?:le|l['’])|date${gap}(?:et${gap}lieu${gap})?de${gap}naissance|naissance|DDN|date${gap}of${gap}birth|birth${gap}?date|birthday|D\.?O\.?B\.?|born(?:${gap}in${gap}[\p{L}'’\- ]{1,40}?,?)?(?:${gap}on)?)`;
const form = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?<says>${says}[ \u00a0\u202f]{0,20}(?:(?::|=|-|–|is|est(?:${gap}le)?|was|le|on)[ \u00a0\u202f]{0,20})?(?:the${gap})?)(?<date>${date})(?![\p{L}\p{N}]|[./\-]\d)`,
  'giu',
);

export const birthDateRule: Rule = {
  type: 'birth_date',
  how: 'a date beside words such as né le, date de naissance, born on, DOB',
  find(text) {
    const found: Found[] = [];
    for (const match of text.matchAll(form)) {
      const { says: words = '', date: shown = '' } = match.groups ?? {};
      const start = match.index + words.length;
      // The words prove what the date is of.
      found.push({ type: 'birth_date', start, end: start + shown.length, text: shown, certain: true });
    }
    return found;
  },
};
