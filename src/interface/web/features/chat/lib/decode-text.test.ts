import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

const sentence = 'Élève : « ça coûte 5 € », dit-il.\n';
const wide = (text: string, bigEndian: boolean, mark: boolean) => {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le');
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
};

test.each([
  ['utf-8', new TextEncoder().encode(sentence)],
  ['utf-8', new TextEncoder().encode(`\uFEFF${sentence}`)],
  ['utf-16le', wide(sentence, false, true)],
  ['utf-16be', wide(sentence, true, true)],
  ['utf-16le', wide(sentence.replace('€', 'E'), false, false)],
  ['utf-16be', wide(sentence.replace('€', 'E'), true, false)],
] as const)('%s is read', (encoding, bytes) => {
  expect(decodeText(bytes)).toEqual({
    kind: 'text',
    encoding,
    text:
      encoding.startsWith('utf-16') && bytes[0] !== 0xff && bytes[0] !== 0xfe
        ? sentence.replace('€', 'E')
        : sentence,
  });
});

test('Windows-1252 keeps accents and the euro', () => {
  const bytes = Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x0d, 0x0a]);
  expect(decodeText(bytes)).toEqual({ kind: 'text', text: 'café €\n', encoding: 'windows-1252' });
});

test.each([
  ['a PDF', new TextEncoder().encode('%PDF-1.7\nabc')],
  ['a zip', new TextEncoder().encode('PK\u0003\u0004abc')],
  ['a PNG', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49])],
  ['random bytes', Uint8Array.from({ length: 300 }, (_, index) => (index * 73 + 5) % 251)],
])('%s is no text', (_, bytes) => {
  expect(decodeText(bytes)).toEqual({ kind: 'binary' });
});
