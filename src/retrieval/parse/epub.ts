// EPUB: the chapters of the spine in reading order, each an HTML page. Source: EPUB 3.3, packages and spine.
import type { ParsedDocument } from '../../contracts/document.ts';
import { openArchive } from './archive.ts';
import { createDocumentBuilder } from './document-builder.ts';
import { addHtml } from './html.ts';
import { attribute, descendants, parseMarkup, textOf } from './markup.ts';
import { broken, encrypted, type ParseInput } from './parser.ts';

export async function parseEpub(input: ParseInput): Promise<ParsedDocument> {
  const archive = await openArchive(input);
  const container = archive.xml('META-INF/container.xml');
  const path = container && attribute(descendants(container, 'rootfile').next().value, 'full-path');
  const book = path ? archive.xml(path) : null;
  if (!path || !book) throw broken(input.name, 'its package file is missing');
  const rights = archive.text('META-INF/encryption.xml');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const pages = new Map<string, string>();
  for (const item of descendants(book, 'item')) {
    const id = attribute(item, 'id');
    const href = attribute(item, 'href');
    if (id && href) pages.set(id, folder + safeDecode(href));
  }
  const builder = createDocumentBuilder(input);
  let missing = 0;
  for (const entry of descendants(book, 'itemref')) {
    const page = pages.get(attribute(entry, 'idref') ?? '');
    if (page && rights?.includes(`"${page}"`)) throw encrypted(input.name);
    const html = page ? archive.text(page) : null;
    if (html === null) missing++;
    // Read as HTML: many books are not the strict XML that they should be.
    else
      addHtml(
        builder,
        parseMarkup(
          html.replace(/<(title|script|style|a|div|span|i|td)((?:\s[^<>]*)?)\/>/gi, '<$1$2></$1>'),
          { xml: false },
        ),
      );
  }
  if (missing > 0) builder.warn('parts_skipped', `${missing} parts of the book are missing.`, { missing });
  const title = descendants(book, 'title').next().value;
  const language = descendants(book, 'language').next().value;
  return builder.finish({ title: title && textOf(title), language: language && textOf(language) });
}

function safeDecode(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch (error) {
    if (error instanceof URIError) return href;
    throw error;
  }
}
