// An application without a model: the words of a text, counted.
import { z } from 'zod';

export const title = { en: 'Word count', fr: 'Compter les mots' };
export const description = {
  en: 'Counts words and finds the longest.',
  fr: 'Compte les mots et trouve le plus long.',
};
export const input = z.object({ passage: z.string().describe('The text') });
export const output = z.object({ words: z.number(), longest: z.string() });
export const example = { passage: 'Deux mots' };

export const wordCount = ({ passage }: z.infer<typeof input>): z.infer<typeof output> => {
  const words = passage.match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  return {
    words: words.length,
    longest: words.reduce((long, word) => (word.length > long.length ? word : long), ''),
  };
};
