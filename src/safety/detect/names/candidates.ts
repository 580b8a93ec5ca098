// Where the name of a person may stand: words with a capital letter, one after another. A rule cannot say which of them are
// people, so that nothing of this is a finding; it says what a model is to be asked about.

export interface Candidate {
  text: string;
  /** Every place of the words in the text. */
  places: { start: number; end: number }[];
  /** A title of a person stands before it: Mme, Dr, Mr. */
  titled: boolean;
}

/** Words that begin a sentence or stand in a heading, and are never a name alone. Folded, without what follows an apostrophe. */
const COMMON = new Set(
  (
    'd l j n s c m t qu lorsqu puisqu quoiqu jusqu presqu quelqu hier demain puisse ' +
    'a à afin ai ainsi alors après assez au aucun aucune aujourd aussi autre autres aux avant avec avez avoir bien bonjour bonsoir car ce ceci cela ces cet cette ' +
    'chaque chez chère cher comme comment cordialement dans de déjà depuis des deux donc dont du elle elles en encore enfin entre est et étant eux ' +
    'faut grâce ici il ils je jusqu la là le les leur leurs lors lorsque lui ma mais malgré me même merci mes moi mon ne ni non nos notre nous on or ou où oui ' +
    'par parce parfois parmi pas pendant peu plus plusieurs pour pourquoi pouvez près puis puisque quand quant que quel quelle quelles quels qui quoi ' +
    'sa sans se selon ses si son sont sous sur ta tes toi ton tous tout toute toutefois toutes très tu un une vers veuillez voici voilà vos votre vous ' +
    'about after all also although am an and any are as at be because been before best both but by can could dear did do does down during each every few first for from ' +
    'had has have he hello her here hi his how however i if in into is it its just let like many may me more most my no nor not now of off on once one only or other our out over ' +
    'please regards same she should since so some such than thank thanks that the their them then there these they this those though to too under until up us very was we were what ' +
    'when where whether which while who whom whose why will with would yes yet you your ' +
    'lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december'
  ).split(' '),
);

const title = String.raw`(?:M\.|MM\.|Mme|Mmes|Mlle|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?|Docteur|Doctor|Pr\.?|Prof\.?|Me|Maître|Monsieur|Madame|Mademoiselle|Sir)`;
const word = String.raw`\p{Lu}[\p{L}\p{M}]*(?:['’\-]\p{L}[\p{L}\p{M}]*)*`;
/** No name has more: of a long row each would be read to the end of it from each. */
const initial = String.raw`\p{Lu}\.(?:[ \-]?\p{Lu}\.){0,6}`;
const particle = `(?:de la|de|du|des|d['’]|von|van der|van|der|den|di|da|del|della|dos|bin|ben|ibn|al|el|le|la|y)`;
const part = String.raw`(?!${title}(?![\p{L}\p{M}]))(?:${initial}|${word})`;
const gap = String.raw`[ \u00a0\u202f]`;
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{N}\p{M}@_])(?<titles>(?:${title}${gap}){1,3})?(?<name>${part}(?:${gap}(?:${particle}${gap}?)?${part}){0,4})(?![\p{L}\p{N}\p{M}@_])`,
  'gu',
);

const fold = (text: string) => text.toLowerCase().replace(/['’].*$/, '');
/** A sign alone, or one with dots, is no name. */
const isName = (text: string) => /\p{Lu}[\p{L}\p{M}]/u.test(text) && !COMMON.has(fold(text));

/** Cuts common words off the front, so that "Hier Marie" and "Le Président" begin where a name could. */
function trimmed(name: string): { at: number; text: string } | null {
  let at = 0;
  for (;;) {
    const rest = name.slice(at);
    const elided = /^(?:[LDJNSCMT]|Qu|Lorsqu|Puisqu|Jusqu)['’](?=\p{Lu})/u.exec(rest);
    if (elided !== null) {
      at += elided[0].length;
      continue;
    }
    const first = rest.split(/[ \u00a0\u202f]/, 1)[0] ?? '';
    if (!COMMON.has(fold(first))) return isName(rest) ? { at, text: rest } : null;
    if (first.length === rest.length) return null;
    at += first.length + 1;
    // What is left may begin with a particle, as in "Pour de Gaulle".
    const small = /^(?:\p{Ll}+['’]?[ \u00a0\u202f]?)+/u.exec(name.slice(at));
    if (small !== null) at += small[0].length;
  }
}

/** @returns in the order in which they stand; words that stand there several times are one candidate */
export function nameCandidates(text: string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const match of text.matchAll(RUN)) {
    const { titles, name = '' } = match.groups ?? {};
    const one = trimmed(name);
    if (one === null) continue;
    const start = match.index + match[0].length - name.length + one.at;
    // What was redacted before: [PERSON_2].
    if (text[start - 1] === '[' && !/\p{Ll}/u.test(one.text)) continue;
    const place = { start, end: start + one.text.length };
    const known = found.get(one.text);
    if (known === undefined)
      found.set(one.text, { text: one.text, places: [place], titled: titles !== undefined });
    else {
      known.places.push(place);
      known.titled ||= titles !== undefined;
    }
  }
  return [...found.values()];
}
