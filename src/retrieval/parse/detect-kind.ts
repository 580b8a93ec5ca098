// What a file is: its first bytes decide, the ending only among texts. A name that promises another format is told.
import { isUtf8 } from 'node:buffer';
import type { DocumentKind } from '../../contracts/document.ts';
import { listZipBytes, ZipError } from '../../lib/zip.ts';
import { decodeText } from './decode-text.ts';
import { broken, empty, encrypted, unsupported } from './parser.ts';

/** Endings of formats that are text inside; another ending is read as plain text when the bytes are text. */
const textEndings: Record<string, DocumentKind> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  eml: 'email',
  rtf: 'rtf',
};

const codeEndings = new Set(
  (
    'ts tsx mts cts js jsx mjs cjs py pyi rb go rs java kt kts scala c h cc cpp cxx hpp hh cs fs swift m mm php pl pm lua r ' +
    'jl dart ex exs erl hs clj sql sh bash zsh fish ps1 bat css scss less vue svelte astro tf proto graphql zig nim f90 ' +
    'toml yaml yml json jsonc jsonl ndjson xml xsd ini cfg conf properties gradle cmake dockerfile makefile'
  ).split(' '),
);

/** Endings of formats that are no text: a text so named is damaged or wrongly named. */
const packedEndings = new Set(
  'pdf docx docm xlsx xlsm pptx pptm odt ods odp epub doc xls ppt msg zip png jpg jpeg webp gif tif tiff bmp'.split(
    ' ',
  ),
);

const signatures: [string, string][] = [
  ['%PDF-', 'pdf'],
  ['PK\u0003\u0004', 'zip'],
  ['PK\u0005\u0006', 'zip'],
  ['{\\rtf', 'rtf'],
  ['\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'compound'],
  ['\u0089PNG', 'image'],
  ['\u00ff\u00d8\u00ff', 'image'],
  ['GIF8', 'image'],
  ['BM', 'image'],
  ['II*\u0000', 'image'],
  ['MM\u0000*', 'image'],
  ['\u001f\u008b', 'gzip'],
  ['7z\u00bc\u00af', '7z'],
  ['Rar!', 'rar'],
];

export interface DetectedKind {
  kind: DocumentKind;
  /** The ending promised another kind. */
  wrongExtension: boolean;
}

export function extensionOf(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  return /\.([a-z0-9]+)$/.exec(base)?.[1] ?? base;
}

/** @throws AtelierError document_empty, document_unsupported, document_encrypted, document_broken */
export async function detectKind(name: string, bytes: Uint8Array): Promise<DetectedKind> {
  if (bytes.length === 0) throw empty(name);
  const extension = extensionOf(name);
  const found = await bySignature(name, bytes, extension);
  if (found) {
    const promised = textEndings[extension] ?? (packedEndings.has(extension) ? extension : null);
    return {
      kind: found,
      wrongExtension: promised !== null && promised !== found && !variants.has(extension),
    };
  }
  if (packedEndings.has(extension)) {
    const what = looksLikeText(bytes) ? 'it is plain text' : 'its first bytes are of no known format';
    throw broken(name, `its name says ${extension.toUpperCase()}, but ${what}`);
  }
  if (!looksLikeText(bytes)) throw unsupported(name, 'its bytes are neither text nor a known format');
  return { kind: textKind(extension, bytes), wrongExtension: false };
}

/** Endings whose content is of a kind with another name. */
const variants = new Set(['docm', 'xlsm', 'pptm', 'rtf']);

async function bySignature(name: string, bytes: Uint8Array, extension: string): Promise<DocumentKind | null> {
  // Some programs put a few bytes before the header of a PDF; readers look for it in the first kilobyte.
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  const signature =
    signatures.find(
      ([start]) => head.startsWith(start) && (start !== 'BM' || !isUtf8(bytes.subarray(0, 1000))),
    )?.[1] ?? (head.includes('%PDF-') && !/^\s*</.test(head) ? 'pdf' : null);
  switch (signature) {
    case 'pdf':
      return 'pdf';
    case 'rtf':
      return 'rtf';
    case 'zip':
      return kindOfZip(name, bytes);
    case 'compound':
      return kindOfCompound(name, bytes, extension);
    case 'image':
      throw unsupported(name, 'it is a picture; text in pictures is not read yet');
    case 'gzip':
    case '7z':
    case 'rar':
      throw unsupported(name, `it is a ${signature} archive; unpack it, or pack the files as zip`);
    default:
      if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP')
        throw unsupported(name, 'it is a picture; text in pictures is not read yet');
      return null;
  }
}

const openDocument: Record<string, DocumentKind> = { text: 'odt', spreadsheet: 'ods', presentation: 'odp' };

async function kindOfZip(name: string, bytes: Uint8Array): Promise<DocumentKind> {
  try {
    const members = await listZipBytes(bytes, name);
    const names = new Set(members.map((member) => member.name.replace(/^\/+/, '')));
    if (names.has('word/document.xml') || names.has('word/document2.xml')) return 'docx';
    if (names.has('xl/workbook.xml')) return 'xlsx';
    if (names.has('ppt/presentation.xml')) return 'pptx';
    if (names.has('META-INF/container.xml')) return 'epub';
    if (names.has('content.xml')) {
      const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
      const type = /opendocument\.(text|spreadsheet|presentation)/.exec(start)?.[1];
      if (type) return openDocument[type] ?? 'odt';
      const guess = extensionOf(name);
      return guess === 'ods' || guess === 'odp' ? guess : 'odt';
    }
    throw unsupported(name, 'it is a zip archive; add it as a folder of files');
  } catch (error) {
    if (error instanceof ZipError) throw broken(name, 'it is not a whole zip file', error);
    throw error;
  }
}

/** The compound file of Microsoft holds the old formats, and the new ones when they have a password. */
function kindOfCompound(name: string, bytes: Uint8Array, extension: string): never {
  const holds = (entry: string) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(entry, 'utf16le'));
  if (holds('EncryptedPackage') || holds('EncryptionInfo')) throw encrypted(name);
  const modern =
    extension === 'doc' ? 'DOCX' : extension === 'xls' ? 'XLSX' : extension === 'ppt' ? 'PPTX' : null;
  throw unsupported(
    name,
    modern
      ? `it is in the old ${extension.toUpperCase()} format; open it and save it as ${modern}`
      : holds('__properties_version1.0') || extension === 'msg'
        ? 'it is a message of Outlook; save it as EML or text'
        : 'it is in an old format of Microsoft Office; save it as DOCX, XLSX or PPTX',
  );
}

/** Text of any encoding has few control characters once it is decoded. */
function looksLikeText(bytes: Uint8Array): boolean {
  // Not in the middle of a letter: half of one would make the whole look as if it were of another encoding.
  let end = Math.min(bytes.length, 16_384);
  while (end > 16_380 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const { text } = decodeText(bytes.subarray(0, end));
  if (text.length === 0) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is counted
  const odd = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u009f\ufffd]/g)?.length ?? 0;
  return odd / text.length < 0.02;
}

function textKind(extension: string, bytes: Uint8Array): DocumentKind {
  const known = textEndings[extension];
  if (known) return known;
  if (codeEndings.has(extension)) return 'code';
  const head = Buffer.from(bytes.subarray(0, 2048)).toString('latin1').trimStart();
  if (/^(<!doctype html|<html[\s>])/i.test(head)) return 'html';
  if (head.startsWith('#!')) return 'code';
  return 'text';
}
