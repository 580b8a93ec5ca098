// Text as every parser hands it out: one kind of space, no control characters, composed accents, letters for ligatures.
// A model that quotes a passage writes plain spaces, so a quote is found again only when the passage has them too.

const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
/** Marks that no reader sees: soft hyphen, zero-width space, word joiner, byte order mark. */
const unseen = /[\u00ad\u200b\u2060\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const ligature = /[\ufb00-\ufb06]/g;
/** A half of a surrogate pair alone cannot be written as UTF-8. */
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Keeps line ends and tabs; makes every line end "\n". */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(spaces, ' ')
    .replace(unseen, '')
    .replace(control, '')
    .replace(lone, '\ufffd')
    .replace(ligature, (letters) => letters.normalize('NFKC'))
    .normalize('NFC');
}

/** One line: runs of spaces, tabs and line ends are one space, none at the ends. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** Lines of prose: spaces within a line are one, none at the ends, no empty lines. */
export function cleanLines(text: string): string {
  return cleanText(text)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
