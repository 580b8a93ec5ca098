// Text as a search sees it: lower case, without accents, cut into words. The same on every store and in every question.

/** Letters that Unicode does not take apart into a base letter and an accent. */
const ligatures: Record<string, string> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const ligature = /[œæßøłđðþı]/g;

/** Longer words are cut: they are encoded data, which no one types, and an index refuses the longest. */
const LONGEST_WORD = 200;

/** "Élève à l’Œuvre" becomes "eleve a l’oeuvre". */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(ligature, (letter) => ligatures[letter] ?? letter);
}

/** The words of folded text, in order: runs of letters, digits and the marks that belong to a letter. */
export function foldedWords(text: string): string[] {
  return (foldText(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map((word) => word.slice(0, LONGEST_WORD));
}
