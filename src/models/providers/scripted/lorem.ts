// Filler text by a seeded generator, in English or French: the same number, language and seed give the same text.
import { seededRandom } from '../../../lib/seeded-random.ts';

export type LoremLanguage = 'en' | 'fr';

const vocabulary: Record<LoremLanguage, readonly string[]> = {
  en: 'the river bends slowly past a quiet mill where people once ground grain and told long stories about winter while children counted boats under an old stone bridge until evening came with its warm light over fields of barley'.split(
    ' ',
  ),
  fr: 'la rivière passe doucement près du vieux moulin où les gens écoutaient jadis de longues histoires à propos de l’hiver pendant que des enfants comptaient les bateaux sous un pont de pierre jusqu’au soir et sa lumière dorée sur les champs d’été'.split(
    ' ',
  ),
};

export function lorem(count: number, language: LoremLanguage, seed: number): string {
  const random = seededRandom(seed);
  const words = vocabulary[language];
  const out: string[] = [];
  let left = 0;
  for (let i = 0; i < count; i++) {
    let word = words[Math.floor(random() * words.length)] ?? '';
    if (left === 0) {
      left = 6 + Math.floor(random() * 10);
      word = word.charAt(0).toUpperCase() + word.slice(1);
    }
    left -= 1;
    out.push(left === 0 || i === count - 1 ? `${word}.` : word);
    if (left === 0 && random() < 0.2) out.push('\n\n');
  }
  return out.join(' ').replaceAll(' \n\n ', '\n\n').trimEnd();
}
