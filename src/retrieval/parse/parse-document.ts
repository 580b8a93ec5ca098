// The table of parsers. Each is loaded when its first document comes: a library for PDF is 50 MB that a folder of notes
// does not need.
import { basename } from 'node:path';
import type { DocumentKind, ParsedDocument } from '../../contracts/document.ts';
import { isAtelierError } from '../../contracts/errors.ts';
import { detectKind } from './detect-kind.ts';
import { defaultLimits, overLimit, type ParseLimits } from './limits.ts';
import { broken, type Parser } from './parser.ts';

const parsers: Record<DocumentKind, () => Promise<Parser>> = {
  pdf: async () => (await import('./pdf/parse-pdf.ts')).parsePdf,
  docx: async () => (await import('./office/docx.ts')).parseDocx,
  xlsx: async () => (await import('./office/xlsx.ts')).parseXlsx,
  pptx: async () => (await import('./office/pptx.ts')).parsePptx,
  odt: async () => (await import('./office/open-document.ts')).parseOpenDocument,
  ods: async () => (await import('./office/open-document.ts')).parseOpenDocument,
  odp: async () => (await import('./office/open-document.ts')).parseOpenDocument,
  epub: async () => (await import('./epub.ts')).parseEpub,
  rtf: async () => (await import('./rtf.ts')).parseRtf,
  html: async () => (await import('./html.ts')).parseHtml,
  markdown: async () => (await import('./markdown.ts')).parseMarkdown,
  text: async () => (await import('./text.ts')).parseText,
  csv: async () => (await import('./csv.ts')).parseCsv,
  code: async () => (await import('./code.ts')).parseCode,
  email: async () => (await import('./email.ts')).parseEmail,
};

/**
 * Parses in this thread, without a limit on time: what serves people goes through the pool.
 * @throws AtelierError document_encrypted, document_broken, document_empty, document_too_large, document_unsupported
 */
export async function parseDocument(
  file: { name: string; bytes: Uint8Array },
  limits: ParseLimits = defaultLimits,
): Promise<ParsedDocument> {
  const name = basename(file.name.replaceAll('\\', '/'));
  if (file.bytes.length > limits.inputBytes)
    overLimit('inputBytes', `${name} has too many bytes`, file.bytes.length, limits.inputBytes);
  const { kind, wrongExtension } = await detectKind(name, file.bytes);
  const parse = await parsers[kind]();
  let document: ParsedDocument;
  try {
    document = await parse({ name, bytes: file.bytes, kind, limits });
  } catch (error) {
    if (isAtelierError(error)) throw error;
    // A parser that stumbles has met a file that is not as its format says.
    throw broken(
      name,
      error instanceof Error ? `its ${kind} parser failed (${error.message})` : 'its parser failed',
      error,
    );
  }
  if (wrongExtension) {
    const message = `${name} was read as ${kind}, which its content is.`;
    document.warnings.push({ code: 'wrong_extension', message, data: { kind } });
  }
  return document;
}
