// Postal addresses: a French number and kind of way, a British or American number and street. With its postcode and town an
// address is certain; without, a number and a street may stand in a story about the street. No rule knows every form: an
// address without a number, or of another country, is not found.
import { type Rule, rule } from './rule.ts';

const gap = String.raw`[ \u00a0\u202f]`;
/**
 * Between the lines of an address. A blank stands before a dash: one within a word is the word's, for of two ways to read
 * every dash the search through a long text would never end. Few blanks, for the same reason.
 */
const between = String.raw`(?:${gap}{0,8}(?:,|\r?\n)${gap}{0,8}|${gap}{1,8}[-–]${gap}{0,8}|${gap})`;
const proper = String.raw`[\p{Lu}\d](?:[\p{L}\p{M}\p{N}.'’\-]*[\p{L}\p{M}\p{N}])?`;

/** Words of an address are written small, with a capital, or in capitals; names in it have one, so that case counts. */
const anyCase = (words: string) =>
  `(?:${words
    .split('|')
    .flatMap((word) => [word, word.replace(/^\[?./, (first) => first.toUpperCase()), word.toUpperCase()])
    .join('|')})`;

const ways =
  'rue|avenue|av\\.|ave\\.|boulevard|boul\\.|bd\\.?|bld\\.?|chemin|all[ée]e|all[ée]es|all\\.|impasse|imp\\.|quai|rte\\.?|square|sq\\.|faubourg|fbg\\.?|ruelle|sentier|sente|rond-point|esplanade|venelle|lotissement|lieu-dit|hameau|parvis';
/** Of these there are also so many: "3 cours Python", "2 places". */
const weakWays =
  'ch\\.|che\\.|place|pl\\.|route|cours|passage|villa|cit[ée]|promenade|voie|mont[ée]e|traverse|r[ée]sidence|clos';
const small = anyCase('de|du|des|la|le|les|et|sur|sous|en|au|aux|à|lès|lez');
const article = `(?:${small}${gap}|[dlDL]['’])*`;
const months = anyCase(
  'janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre',
);
const frenchName = `(?:${gap}${article}${proper}(?:${gap}${months})?){1,6}`;
const frenchTown = String.raw`(?:F[- ]?)?(?:0[1-9]|[1-8]\d|9[0-8])${gap}?\d{3}${gap}{1,8}${proper}(?:${gap}${article}${proper}){0,4}`;
const inside = anyCase(
  'b[âa]t|b[âa]timent|b[âa]t\\.|esc\\.|escalier|appt\\.?|apt\\.?|appartement|[ée]tage|porte|r[ée]sidence|bp|cs|tsa|lieu-dit',
);
const complement = String.raw`(?:${between}${inside}(?:${gap}[\p{L}\p{N}'’\-]+){1,4}?){0,2}`;
const number = String.raw`\d{1,4}(?:${gap}?(?:${anyCase('bis|ter|quater')}|[A-D])(?![\p{L}]))?,?`;
const frenchForm = new RegExp(
  String.raw`(?<![\p{L}\p{N}]|\d[.,])${number}${gap}(?:${anyCase(`${ways}|${weakWays}`)})${frenchName}(?:${complement}${between}${frenchTown})?(?![\p{L}\p{N}])`,
  'gu',
);

const englishWay = String.raw`(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Court|Ct\.?|Boulevard|Blvd\.?|Way|Terrace|Crescent|Close|Place|Pl\.?|Square|Gardens|Grove|Hill|Mews|Parkway|Pkwy\.?|Highway|Hwy\.?|Row|Walk|Circle)`;
const englishWords = String.raw`(?:[A-Z][\p{L}'’.\-]+|\d{1,3}(?:st|nd|rd|th))`;
const unit = String.raw`(?:,?${gap}(?:Apt\.?|Apartment|Suite|Ste\.?|Unit|Flat|Floor|#)${gap}?[\p{L}\p{N}\-]{1,6})?`;
const ukPostcode = String.raw`[A-Z]{1,2}\d[A-Z\d]?${gap}?\d[A-Z]{2}`;
const states =
  'A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]';
const englishTown = String.raw`(?:,?${between}[A-Z][\p{L}'’.\-]*(?:${gap}[A-Z][\p{L}'’.\-]*){0,3}){0,3}(?:,?${between}(?:(?:${states})${gap}{1,8}\d{5}(?:-\d{4})?|${ukPostcode}))`;
const englishForm = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:(?:Flat|Apt\.?|Apartment|Unit|Suite)${gap}[\p{L}\p{N}]{1,4},?${gap})?\d{1,5}[A-D]?,?${gap}(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?${gap})?(?:${englishWords}${gap}){1,4}${englishWay}(?![\p{L}])${unit}(?:${englishTown})?(?![\p{L}\p{N}])`,
  'gu',
);

const lives =
  /(adresse|address|habite\w*|domicili\w*|demeur\w*|r[ée]sid\w*|lives?|living|located|livr\w*|deliver\w*|chez|envoy\w*|send\w*|ship\w*|visit)[^.!?\n]{0,30}$/iu;
const frenchEnd = new RegExp(`${frenchTown}$`, 'u');
const englishEnd = new RegExp(String.raw`(?:(?:${states})${gap}+\d{5}(?:-\d{4})?|${ukPostcode})$`, 'u');
const weak = new RegExp(String.raw`^${number}${gap}${anyCase(weakWays)}(?!\p{L})`, 'u');
const year = /^(?:19|20)\d{2}\s/;

const french = rule(
  'address',
  'a number and a French kind of way, or a British or American street with a number; certain with postcode and town',
  frenchForm,
  (text, { before }) => {
    if (frenchEnd.test(text)) return { certain: true };
    if (lives.test(before)) return { certain: false };
    return weak.test(text) || !/\p{Lu}\p{L}/u.test(text) ? null : { certain: false };
  },
);

const english = rule('address', french.how, englishForm, (text, { before }) => {
  if (englishEnd.test(text)) return { certain: true };
  return lives.test(before) || !year.test(text) ? { certain: false } : null;
});

export const postalRule: Rule = {
  ...french,
  find: (text) => [...french.find(text), ...english.find(text)],
};
