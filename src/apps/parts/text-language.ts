// The language of a text that may be as short as a word: by its small words and its accents.
import { detectLanguage } from '../../retrieval/parse/detect-language.ts';

const french =
  /(?<!\p{L})(?:le|la|les|un|une|des|du|de|et|est|sont|je|tu|il|elle|a|on|nous|vous|ils|que|qui|quoi|quel(?:le)?s?|pas|ne|pour|dans|avec|sur|ce|cette|ces|mon|ma|mes|votre|vos|notre|au|aux|bonjour|merci|très|trop|bien|mais|où|ça|plus)(?!\p{L})|(?<!\p{L})[cdjlmnst]['’]\p{L}|[éèêëàâçùûîïôœ]/giu;
const english =
  /(?<!\p{L})(?:the|an|of|and|is|are|was|were|i|you|he|she|it|we|they|what|which|who|how|not|for|in|with|at|this|that|these|my|your|our|their|to|hello|thanks|very|too|but|where|please|do|does|did|have|has|will|would|can)(?!\p{L})|\p{L}['’](?:s|t|re|ve|ll|d|m)(?!\p{L})/giu;

/** `fr`, `en`, another language's code, or null when nothing tells. */
export function languageOf(text: string): string | null {
  const sure = detectLanguage(text);
  if (sure !== null) return sure;
  const sample = text.slice(0, 5000);
  const counts = { fr: sample.match(french)?.length ?? 0, en: sample.match(english)?.length ?? 0 };
  if (counts.fr === counts.en) return null;
  return counts.fr > counts.en ? 'fr' : 'en';
}

/** A language's name in English or French, as prompts use it. */
export function languageName(code: string, inLanguage: 'en' | 'fr' = 'en'): string {
  return new Intl.DisplayNames([inLanguage], { type: 'language', fallback: 'code' }).of(code) ?? code;
}

/** Prompts are written in French for French answers, because small models then stay in French; otherwise in English. */
export const promptLanguage = (code: string | null): 'en' | 'fr' => (code === 'fr' ? 'fr' : 'en');
