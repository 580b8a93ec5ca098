// A name that a program can call, out of a name that a person gave.
const ok = /^[a-z0-9][a-z0-9.-]{0,62}$/;

export const isClassifierName = (name: string): boolean => ok.test(name);

/** "Sujets des mails (2026)" becomes sujets-des-mails-2026. */
export function classifierName(words: string): string {
  return words
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 63)
    .replace(/[-.]+$/, '');
}
