// Bytes to text when nothing says how: byte order mark, then valid UTF-8, then the pattern of zero bytes, then the
// encoding whose letters look most like words. TextDecoder knows every encoding here but UTF-32.
import { isUtf8 } from 'node:buffer';

export interface DecodedText {
  text: string;
  /** As the Encoding Standard names it, or utf-32le, utf-32be. */
  encoding: string;
  /** True when the letters decided, not a mark or a declaration. */
  guessed: boolean;
}

/** @param declared what the file itself says, as in a page's meta element; ignored where the bytes contradict it */
export function decodeText(bytes: Uint8Array, declared?: string | null): DecodedText {
  const marked = byMark(bytes);
  if (marked) return marked;
  if (isUtf8(bytes) && !manyZeros(bytes))
    return { text: decode('utf-8', bytes), encoding: 'utf-8', guessed: false };
  const wide = byZeros(bytes);
  if (wide) return wide;
  const name = declared ? encodingName(declared) : null;
  if (name && name !== 'utf-8') return { text: decode(name, bytes), encoding: name, guessed: false };
  const encoding = guessEncoding(bytes);
  return { text: decode(encoding, bytes), encoding, guessed: true };
}

/** The standard's name of an encoding, or null for one that it does not know. */
export function encodingName(label: string): string | null {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function decode(encoding: string, bytes: Uint8Array): string {
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return decodeUtf32(bytes, encoding === 'utf-32le');
  return new TextDecoder(encoding).decode(bytes);
}

const marks: [string, number[]][] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

function byMark(bytes: Uint8Array): DecodedText | null {
  for (const [encoding, mark] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte))
      return { text: decode(encoding, bytes.subarray(mark.length)), encoding, guessed: false };
  }
  return null;
}

function manyZeros(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  return head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0) > head.length / 5;
}

/** Which of each four bytes are zero in text of Latin letters, for each wide encoding. */
const zeroPatterns: [string, string][] = [
  ['utf-32le', '0111'],
  ['utf-32be', '1110'],
  ['utf-16le', '0101'],
  ['utf-16be', '1010'],
];

function byZeros(bytes: Uint8Array): DecodedText | null {
  if (!manyZeros(bytes)) return null;
  const head = bytes.subarray(0, 4096 - (4096 % 4));
  const zeros = [0, 0, 0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 4] = (zeros[index % 4] ?? 0) + 1;
  });
  const pattern = zeros.map((count) => (count > head.length / 4 / 2 ? '1' : '0')).join('');
  const encoding = zeroPatterns.find(([, wanted]) => wanted === pattern)?.[0];
  return encoding ? { text: decode(encoding, bytes), encoding, guessed: true } : null;
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    parts.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd');
  }
  return parts.join('');
}

/** With what each is worth before a letter is seen. */
const candidates: [string, number][] = [
  ['windows-1252', 0.4],
  ['shift_jis', 0.1],
  ['euc-jp', 0.1],
  ['gb18030', 0],
  ['big5', 0],
  ['euc-kr', 0],
  ['windows-1251', 0.1],
  ['ibm866', 0],
  ['koi8-r', 0],
  ['windows-1250', 0],
  ['windows-1253', 0],
  ['windows-1255', 0],
  ['windows-1256', 0],
  ['macintosh', -0.6],
];

/** Letters by how common they are in text; what is in no list counts little. */
const common = new Set(
  'éèêàâçùûîïôœæÉÈÀÇñäöüßÄÖÜáíóúåøãõ' +
    'оеаинтсрвлкмдпуяыьгзбчйхжюшОПВСНКДМИТРА' +
    'のにはをたがでてとしれさなるいあっかりこも、。ーン',
);
const lessCommon = new Set(
  'ëÊÔÎÂÁÍÓÚÑòìÿŒÆÅØýčšžřěůŠŽČłąęśżźćńőűÿ«»“”‘’„–—…°€§·' + '（）「」・ア-ロスルトイク年日月人大会国東京',
);

function guessEncoding(bytes: Uint8Array): string {
  const head = sampleAround(bytes);
  let best = { encoding: 'windows-1252', score: Number.NEGATIVE_INFINITY };
  for (const [encoding, prior] of candidates) {
    const score = prior + plausibility(new TextDecoder(encoding).decode(head));
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
}

/** The bytes that say most: from the first one beyond ASCII on. */
function sampleAround(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  return bytes.subarray(Math.max(0, first - 200), Math.max(0, first - 200) + 20_000);
}

/** Mean over the characters beyond ASCII: do they look like letters where a word has letters? */
function plausibility(text: string): number {
  const points = [...text];
  let sum = 0;
  let count = 0;
  for (const [index, character] of points.entries()) {
    if (character < '\u0080') continue;
    count++;
    sum += pointsFor(character, points[index - 1] ?? ' ', points[index + 1] ?? ' ');
  }
  return count === 0 ? 0 : sum / count;
}

const latin = /\p{Script=Latin}/u;
const letter = /\p{L}/u;
const wide = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/;

function pointsFor(character: string, before: string, after: string): number {
  if (character === '\ufffd' || (character >= '\u0080' && character <= '\u009f')) return -8;
  if (/[\ue000-\uf8ff]/.test(character)) return -6;
  const inWord = letter.test(before) || letter.test(after);
  if (!letter.test(character)) {
    if (/[\u2500-\u25ff]/.test(character)) return -3;
    if (lessCommon.has(character) || common.has(character)) return 1.2;
    return letter.test(before) && letter.test(after) ? -3 : -0.5;
  }
  let score = common.has(character) ? 1.5 : lessCommon.has(character) ? 1 : 0.3;
  // A word is of one script, and a capital does not follow a small letter.
  const isLatin = latin.test(character);
  for (const next of [before, after])
    if (/[a-z]/i.test(next) && !isLatin) score -= 2.5;
    else if (letter.test(next) && latin.test(next) !== isLatin) score -= 2;
  if (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(character)) score -= 3;
  if (!inWord && !isLatin) score -= 1;
  // Two bytes that are one letter of its neighbours' script seldom are so by chance.
  if (wide.test(character)) score += wide.test(before) || wide.test(after) ? 0.9 : -0.5;
  if (/[\uff61-\uff9f]/.test(character)) score -= 1.5;
  return score;
}
