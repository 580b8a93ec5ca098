// French or English, by the commonest words of a text. What is neither is answered in English words of the house.

const common = {
  fr: /(?<![\p{L}\p{N}])(?:le|la|les|des|une?|est|sont|dans|pour|que|qui|quoi|où|quelle?s?|comment|pourquoi|combien|avec|sur|par|je|tu|il|elle|vous|nous|mon|ma|mes|du|au|aux|et|ce|cette|ces|peut|doit|faut|puis|suis)(?![\p{L}\p{N}])|(?<![\p{L}])(?:[cdjlmnst]|qu)['’]|[éèêàùçœ]/giu,
  en: /(?<![\p{L}\p{N}])(?:the|an?|is|are|was|were|in|on|at|for|what|which|who|whose|when|where|how|why|many|much|with|i|you|we|my|your|of|to|and|this|that|these|does|do|did|can|should|must|it|its)(?![\p{L}\p{N}])/giu,
} as const;

export type HouseLanguage = 'fr' | 'en';

/** `before`: what was said earlier, which decides where the question itself is too short to tell. */
export function languageOfQuestion(question: string, before = ''): HouseLanguage {
  for (const text of [question, before]) {
    const sample = text.slice(0, 2000);
    const fr = sample.match(common.fr)?.length ?? 0;
    const en = sample.match(common.en)?.length ?? 0;
    if (fr !== en) return fr > en ? 'fr' : 'en';
  }
  return 'en';
}
