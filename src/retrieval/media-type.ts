// Media types of originals, by what the document turned out to be, else by the ending of its name.
import type { DocumentKind } from '../contracts/document.ts';
import { extensionOf } from './parse/detect-kind.ts';

const office = 'application/vnd.openxmlformats-officedocument';
const openDocument = 'application/vnd.oasis.opendocument';

const ofKind: Record<DocumentKind, string> = {
  pdf: 'application/pdf',
  docx: `${office}.wordprocessingml.document`,
  xlsx: `${office}.spreadsheetml.sheet`,
  pptx: `${office}.presentationml.presentation`,
  odt: `${openDocument}.text`,
  ods: `${openDocument}.spreadsheet`,
  odp: `${openDocument}.presentation`,
  epub: 'application/epub+zip',
  rtf: 'application/rtf',
  html: 'text/html',
  markdown: 'text/markdown',
  text: 'text/plain',
  csv: 'text/csv',
  code: 'text/plain',
  email: 'message/rfc822',
};

const ofExtension: Record<string, string> = {
  md: ofKind.markdown,
  txt: ofKind.text,
  htm: ofKind.html,
  eml: ofKind.email,
  json: 'application/json',
  xml: 'application/xml',
  zip: 'application/zip',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

export function mediaTypeOf(path: string, kind: DocumentKind | null): string {
  if (kind !== null) return ofKind[kind];
  const extension = extensionOf(path);
  const known = Object.hasOwn(ofKind, extension) ? ofKind[extension as DocumentKind] : ofExtension[extension];
  return known ?? 'application/octet-stream';
}
