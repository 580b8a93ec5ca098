// The bytes behind each token. A character may be spread over several tokens, so text is put together from bytes and
// never from the text of single tokens.
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { NativeModel } from './native.ts';

export interface TokenBytes {
  /** Empty for a control token, unless `showControl`. */
  of(token: number, showControl?: boolean): Uint8Array;
}

const none = new Uint8Array(0);
const encoder = new TextEncoder();

/**
 * The printable stand-ins in which byte-level BPE writes its bytes: those that print stand for themselves, the other
 * 68 follow from U+0100 on (GPT-2, `bytes_to_unicode`).
 */
export function byteLevelAlphabet(): Map<string, number> {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  const alphabet = new Map<string, number>();
  let next = 0;
  for (let byte = 0; byte < 256; byte++)
    alphabet.set(String.fromCodePoint(printable(byte) ? byte : 0x100 + next++), byte);
  return alphabet;
}

/** Null when the piece holds a character that the alphabet lacks. */
export function byteLevelBytes(piece: string, alphabet: ReadonlyMap<string, number>): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of piece) {
    const byte = alphabet.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** SentencePiece writes a space as U+2581, and a byte that no piece covers as `<0xE2>`. */
export function sentencePieceBytes(piece: string): Uint8Array {
  const hexadecimal = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1];
  if (hexadecimal !== undefined) return Uint8Array.of(Number.parseInt(hexadecimal, 16));
  return encoder.encode(piece.replaceAll('\u2581', ' '));
}

export function createTokenBytes(model: LlamaModel, native: NativeModel): TokenBytes {
  const kind = String(model.vocabularyType);
  const alphabet = byteLevelAlphabet();
  const known = new Map<number, { bytes: Uint8Array; control: boolean }>();

  const read = (token: number): { bytes: Uint8Array; control: boolean } => {
    const attributes = model.getTokenAttributes(token as Token);
    const piece = native.getTokenString(token);
    if (attributes.control || attributes.unknown) return { bytes: encoder.encode(piece), control: true };
    if (attributes.userDefined) return { bytes: encoder.encode(piece), control: false };
    if (kind === 'bpe')
      return { bytes: byteLevelBytes(piece, alphabet) ?? encoder.encode(piece), control: false };
    if (kind === 'spm' || kind === 'ugm') return { bytes: sentencePieceBytes(piece), control: false };
    return { bytes: encoder.encode(model.detokenize([token as Token])), control: false };
  };

  return {
    of(token, showControl = false) {
      let entry = known.get(token);
      if (entry === undefined) {
        entry = read(token);
        known.set(token, entry);
      }
      return entry.control && !showControl ? none : entry.bytes;
    },
  };
}
