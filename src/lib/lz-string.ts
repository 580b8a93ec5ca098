// Reads what lz-string's compressToEncodedURIComponent writes: LZ78 with code words that grow, as the addresses of
// LangServe carry a configuration. Format: https://pieroxy.net/blog/pages/lz-string/index.html

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$';
const BITS_A_CHARACTER = 6;
/** Code words with a meaning of their own; phrases are numbered from 3. */
const NEW_BYTE = 0;
const NEW_UNIT = 1;
const END = 2;

/** Six bits a character, the highest first; a number's bits come lowest first. */
function bitReader(text: string): (width: number) => number {
  let at = 0;
  let left = 0;
  let value = 0;
  return (width) => {
    let number = 0;
    for (let bit = 0; bit < width; bit++) {
      if (left === 0) {
        value = ALPHABET.indexOf(text.charAt(at++));
        if (at > text.length || value < 0) throw new RangeError('the text ends early or is no lz-string');
        left = BITS_A_CHARACTER;
      }
      left--;
      number += ((value >> left) & 1) * 2 ** bit;
    }
    return number;
  };
}

/** @throws RangeError when the text is none, or longer than `maxLength` when unpacked */
export function decompressFromEncodedUriComponent(text: string, maxLength = 1_000_000): string {
  // A space is what a plus becomes in a form.
  const read = bitReader(text.replaceAll(' ', '+'));
  const phrases: string[] = [];
  let width = 2;
  /** How many more phrases fit before code words need a further bit; the first phrase comes free. */
  let room = 4;
  let previous = '';
  let output = '';
  const learn = (phrase: string) => {
    phrases.push(phrase);
    if (--room > 0) return;
    room = 2 ** width;
    width++;
  };
  for (let isFirst = true; ; isFirst = false) {
    const code = read(width);
    if (code === END) return output;
    let phrase: string | undefined;
    if (code === NEW_BYTE || code === NEW_UNIT) {
      phrase = String.fromCharCode(read(code === NEW_BYTE ? 8 : 16));
      if (isFirst) {
        phrases.push(phrase);
        width = 3;
      } else learn(phrase);
    } else phrase = phrases[code - 3] ?? (code - 3 === phrases.length ? previous + previous.charAt(0) : '');
    if (phrase === '') throw new RangeError('a code word names no phrase');
    output += phrase;
    if (output.length > maxLength) throw new RangeError(`the text is longer than ${maxLength} characters`);
    if (!isFirst) learn(previous + phrase.charAt(0));
    previous = phrase;
  }
}
