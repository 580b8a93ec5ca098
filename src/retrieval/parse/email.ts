// E-mail (RFC 5322 and MIME): the lines that say who wrote what to whom and when, then the text. Attachments are named.
import PostalMime, { type Address } from 'postal-mime';
import type { ParsedDocument } from '../../contracts/document.ts';
import { createDocumentBuilder } from './document-builder.ts';
import { addHtml } from './html.ts';
import { parseMarkup } from './markup.ts';
import { empty, type ParseInput, unsupported } from './parser.ts';

export async function parseEmail(input: ParseInput): Promise<ParsedDocument> {
  const mail = await PostalMime.parse(input.bytes, { maxNestingDepth: 50 });
  const builder = createDocumentBuilder(input);
  const hasText = Boolean(mail.text?.trim() || mail.html?.trim());
  if (!hasText && !mail.subject && mail.headers.length === 0) throw empty(input.name);
  if (!mail.from && !mail.subject && !hasText && mail.attachments.length === 0)
    throw unsupported(input.name, 'it has neither a sender, a subject nor a text');

  builder.add({ type: 'heading', text: mail.subject ?? '', level: 1 });
  const lines = [
    ['From', addresses(mail.from && [mail.from])],
    ['To', addresses(mail.to)],
    ['Cc', addresses(mail.cc)],
    ['Date', mail.date ?? ''],
    ['Attachments', mail.attachments.map(({ filename }) => filename ?? 'without a name').join(', ')],
  ].filter(([, value]) => value !== '');
  builder.add({ type: 'paragraph', text: lines.map(([name, value]) => `${name}: ${value}`).join('\n') });
  if (mail.text?.trim()) {
    for (const paragraph of mail.text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n\s*/))
      builder.add({ type: 'paragraph', text: paragraph });
  } else if (mail.html) addHtml(builder, parseMarkup(mail.html, { xml: false }));
  if (mail.attachments.length > 0) {
    const names = mail.attachments.map(({ filename }) => filename ?? '');
    builder.warn('parts_skipped', `Its attachments were not read: ${names.join(', ')}. Add them as files.`, {
      names,
    });
  }
  return builder.finish({ title: mail.subject });
}

function addresses(list: Address[] | undefined): string {
  return (list ?? [])
    .map(({ name, address }) =>
      name && address && name !== address ? `${name} <${address}>` : address || name,
    )
    .join(', ');
}
