// What is no document is refused with its reason, and a bomb before it goes off.
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { defaultLimits, type ParseLimits } from './limits.ts';
import { parseDocument } from './parse-document.ts';
import { makeDocx, makeXlsx, paragraph, zipOf } from './testing/office-file.ts';
import { makePdf } from './testing/pdf-file.ts';

const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
const withEntry = (entry: string) => Buffer.concat([compound, Buffer.from(entry, 'utf16le')]);
const docx = makeDocx(paragraph('Bonjour'));
const many = (count: number, text: string) => Array.from({ length: count }, () => text).join('');

/** The encryption bit of every entry set, as a zip with a password has it. */
function withPassword(zip: Buffer): Buffer {
  const copy = Buffer.from(zip);
  for (const signature of ['PK\u0001\u0002', 'PK\u0003\u0004'])
    for (let at = copy.indexOf(signature); at >= 0; at = copy.indexOf(signature, at + 1)) {
      const flags = at + (signature.endsWith('\u0002') ? 8 : 6);
      copy.writeUInt16LE(copy.readUInt16LE(flags) | 1, flags);
    }
  return copy;
}

/** A part that says it is small and is large. */
function liar(): Buffer {
  const zip = makeDocx(paragraph(many(3_000_000, 'a')));
  const at = zip.indexOf('PK\u0001\u0002');
  zip.writeUInt32LE(1000, at + 24);
  return zip;
}

interface Refusal {
  name: string;
  bytes: Buffer;
  code: string;
  says?: string;
  limits?: Partial<ParseLimits>;
}

const refusals: Refusal[] = [
  { name: 'empty.txt', bytes: Buffer.alloc(0), code: 'document_empty' },
  { name: 'spaces.txt', bytes: Buffer.from(' \n\t\n'), code: 'document_empty' },
  { name: 'random.bin', bytes: randomBytes(3000), code: 'document_unsupported' },
  { name: 'text.pdf', bytes: Buffer.from('Only text.'), code: 'document_broken', says: 'plain text' },
  { name: 'cut.pdf', bytes: makePdf([{ lines: [] }]).subarray(0, 300), code: 'document_broken' },
  { name: 'cut.docx', bytes: docx.subarray(0, -30), code: 'document_broken', says: 'zip' },
  { name: 'no-body.docx', bytes: zipOf({ 'word/document.xml': '<a/>' }), code: 'document_broken' },
  { name: 'some.zip', bytes: zipOf({ 'a.txt': 'a' }), code: 'document_unsupported', says: 'folder' },
  { name: 'password.docx', bytes: withPassword(docx), code: 'document_encrypted' },
  { name: 'password.xlsx', bytes: withEntry('EncryptedPackage'), code: 'document_encrypted' },
  { name: 'old.doc', bytes: withEntry('WordDocument'), code: 'document_unsupported', says: 'DOCX' },
  { name: 'old.xls', bytes: withEntry('Workbook'), code: 'document_unsupported', says: 'XLSX' },
  {
    name: 'mail.msg',
    bytes: withEntry('__properties_version1.0'),
    code: 'document_unsupported',
    says: 'EML',
  },
  {
    name: 'photo.png',
    bytes: Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    code: 'document_unsupported',
    says: 'picture',
  },
  { name: 'pack.gz', bytes: Buffer.from('1f8b08', 'hex'), code: 'document_unsupported', says: 'gzip' },
  {
    name: 'locked.odt',
    bytes: zipOf({ 'content.xml': 'x', 'META-INF/manifest.xml': '<m:encryption-data/>' }),
    code: 'document_encrypted',
  },
  {
    name: 'large.txt',
    bytes: Buffer.alloc(2000, 97),
    code: 'document_too_large',
    limits: { inputBytes: 1000 },
  },
  {
    name: 'long.txt',
    bytes: Buffer.from('abc '.repeat(500)),
    code: 'document_too_large',
    limits: { characters: 1000 },
  },
  {
    name: 'pages.pdf',
    bytes: makePdf(Array.from({ length: 4 }, () => ({ lines: [] }))),
    code: 'document_too_large',
    limits: { pages: 3 },
  },
  {
    name: 'bomb.docx',
    bytes: makeDocx(paragraph(many(5_000_000, 'a'))),
    code: 'document_too_large',
    says: 'unpacks',
  },
  {
    name: 'wide.xlsx',
    bytes: makeXlsx(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, i) => [
          `s${i}`,
          `<row><c t="str"><v>${randomBytes(300_000).toString('base64')}</v></c></row>`,
        ]),
      ),
    ),
    code: 'document_too_large',
    limits: { unpackedBytes: 1_000_000 },
  },
  { name: 'liar.docx', bytes: liar(), code: 'document_broken' },
];

test.each(refusals)('$name is refused as $code', async ({ name, bytes, code, says = '', limits }) => {
  const parsing = parseDocument({ name: `folder/${name}`, bytes }, { ...defaultLimits, ...limits });
  await expect(parsing).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  // The message names the file as the person knows it, not where it lies.
  await expect(parsing).rejects.toMatchObject({ message: expect.not.stringContaining('folder/') });
});

test('entities of XML are not expanded, and deep nesting is no stack overflow', async () => {
  const laughs = `<!DOCTYPE d [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i} "&a${i - 1};&a${i - 1};">`).join('')}]>`;
  const body = `<w:document xmlns:w="x"><w:body>${paragraph('&a29;')}</w:body></w:document>`;
  const document = await parseDocument({
    name: 'a.docx',
    bytes: zipOf({ 'word/document.xml': laughs + body }),
  });
  expect(document.blocks.map(({ text }) => text).join('').length).toBeLessThan(20);

  const deep = `${'<div>'.repeat(20_000)}Au fond${'</div>'.repeat(20_000)}<p>Après</p>`;
  const page = await parseDocument({ name: 'a.html', bytes: Buffer.from(deep) });
  expect(page.blocks.map(({ text }) => text)).toEqual(['Au fond', 'Après']);
});

test('a zip within the limits is read', () => {
  // The free first megabyte: small parts may be packed as well as they like.
  const packed = deflateRawSync(Buffer.from(many(500_000, 'a'))).length;
  expect(500_000 / packed).toBeGreaterThan(defaultLimits.unpackRatio);
  return expect(
    parseDocument({ name: 'a.docx', bytes: makeDocx(paragraph(many(500_000, 'a'))) }),
  ).resolves.toMatchObject({ kind: 'docx' });
});
