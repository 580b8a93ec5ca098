// Text in any common encoding is read as what it says.
import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

/** A single-byte encoding the other way round, by asking the decoder for every byte. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) bytes.set(decoder.decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from([...text].map((letter) => bytes.get(letter)!));
}

test.each([
  ['windows-1252', "L'été à Besançon, 15,50 €"],
  ['windows-1252', '“Quoted” — it’s'],
  ['windows-1252', 'ÉLÈVES ADMIS À L’ÉCOLE'],
  ['windows-1252', 'Straße über Köln'],
  ['windows-1252', '¿Qué pasó mañana?'],
  ['windows-1251', 'Однажды, в студёную зимнюю пору'],
  ['ibm866', 'Я из лесу вышел; был сильный мороз'],
  ['koi8-r', 'Гляжу, поднимается медленно в гору'],
])('%s is recognised by its letters: %s', (encoding, text) => {
  expect(decodeText(encode(text, encoding))).toEqual({ text, encoding, guessed: true });
});

test('marks and zero bytes tell the wide encodings', () => {
  const text = 'Déjà vu, rows of plain text';
  const utf16 = Buffer.from(text, 'utf16le');
  const utf32 = Buffer.alloc(4 * text.length);
  for (const [index, letter] of [...text].entries()) utf32.writeUInt32BE(letter.codePointAt(0)!, 4 * index);
  expect(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]))).toMatchObject({
    text,
    encoding: 'utf-16le',
  });
  expect(decodeText(Buffer.from(utf16).swap16())).toMatchObject({
    text,
    encoding: 'utf-16be',
    guessed: true,
  });
  expect(decodeText(utf32)).toMatchObject({ text, encoding: 'utf-32be', guessed: true });
  expect(decodeText(Buffer.from(`\ufeff${text}`))).toMatchObject({ text, encoding: 'utf-8', guessed: false });
});

test('what the file declares is believed, unless its bytes say otherwise', () => {
  const greek = encode('Καλημέρα', 'iso-8859-7');
  expect(decodeText(greek, 'iso-8859-7')).toEqual({
    text: 'Καλημέρα',
    encoding: 'iso-8859-7',
    guessed: false,
  });
  expect(decodeText(Buffer.from('déjà'), 'iso-8859-1')).toMatchObject({ text: 'déjà', encoding: 'utf-8' });
  expect(decodeText(encode('déjà vu', 'windows-1252'), 'no-such-encoding')).toMatchObject({
    text: 'déjà vu',
  });
});
