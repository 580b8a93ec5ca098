// The text of a file's bytes: UTF-8, UTF-16 or Windows-1252, or the finding that it is no text.

export type Decoded =
  | { kind: 'text'; text: string; encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' }
  | { kind: 'binary' };

/** How much of a file is looked at to tell text from data. */
const SAMPLE = 8_192;

export function decodeText(bytes: Uint8Array): Decoded {
  const marked = byteOrderMark(bytes);
  if (marked) return decodeAs(bytes, marked);
  const sample = bytes.subarray(0, SAMPLE);
  const wide = wideWithoutMark(sample);
  if (wide) return decodeAs(bytes, wide);
  if (looksBinary(sample)) return { kind: 'binary' };
  return decodeAs(bytes, isUtf8(bytes) ? 'utf-8' : 'windows-1252');
}

function decodeAs(bytes: Uint8Array, encoding: Exclude<Decoded, { kind: 'binary' }>['encoding']): Decoded {
  // The decoder drops the byte order mark.
  const text = new TextDecoder(encoding).decode(bytes);
  return { kind: 'text', text: text.replaceAll('\r\n', '\n'), encoding };
}

function byteOrderMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  // FF FE 00 00 is UTF-32, which nobody writes.
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes[2] === 0 && bytes[3] === 0)) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** Mostly Latin UTF-16 has a zero in every second byte, and none in the others. */
function wideWithoutMark(sample: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (sample.length < 4 || sample.length % 2 === 1) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < sample.length; at += 2) {
    if (sample[at] === 0) even += 1;
    if (sample[at + 1] === 0) odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.7 && even === 0) return 'utf-16le';
  if (even > half * 0.7 && odd === 0) return 'utf-16be';
  return null;
}

function looksBinary(sample: Uint8Array): boolean {
  if (startsWith(sample, '%PDF-') || startsWith(sample, 'PK\u0003\u0004') || startsWith(sample, '{\\rtf'))
    return true;
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) controls += 1;
  }
  return controls > sample.length * 0.01;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => bytes[index] === character.charCodeAt(0));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
