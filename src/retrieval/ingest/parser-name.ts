// The name under which a parser gets a document. It decides among texts, and an address says little about what it gave.
import type { DocumentSource } from '../../contracts/knowledge.ts';
import type { DocumentRow } from '../documents.ts';

const page = /^\s*(?:<!--[\s\S]*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype html|html|head|body)[\s>]/i;

export function parserName(row: Pick<DocumentRow, 'path' | 'source'>, bytes: Uint8Array): string {
  const source = JSON.parse(row.source) as DocumentSource;
  if (source.kind !== 'url') return row.path;
  const { pathname, hostname } = new URL(source.url);
  const last = decoded(pathname.split('/').at(-1) ?? '') || hostname;
  const start = Buffer.from(bytes.subarray(0, 2048))
    .toString('utf8')
    .replace(/^\ufeff/, '');
  if (page.test(start)) return `${last.replace(/\.(html?|xhtml)$/i, '')}.html`;
  // "example.org" is not a file of the kind "org".
  return last === hostname ? `${hostname}.txt` : last;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is a character like any other.
    return text;
  }
}
