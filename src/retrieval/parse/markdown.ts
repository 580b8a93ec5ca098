// Markdown: the lexer's blocks, their inline marks taken off. Raw HTML inside is read as HTML.
import { lexer, type Token, type Tokens } from 'marked';
import type { ParsedDocument } from '../../contracts/document.ts';
import { decodeText } from './decode-text.ts';
import { createDocumentBuilder, type DocumentBuilder } from './document-builder.ts';
import { parseMarkup, textOf } from './markup.ts';
import { empty, type ParseInput } from './parser.ts';
import { warnOfGuess } from './text.ts';

export function parseMarkdown(input: ParseInput): ParsedDocument {
  const builder = createDocumentBuilder(input);
  const decoded = decodeText(input.bytes);
  warnOfGuess(builder, decoded);
  if (decoded.text.trim() === '') throw empty(input.name);
  const { body, title } = takeFrontMatter(decoded.text.replace(/\r\n?/g, '\n'));
  const tokens = lexer(body);
  for (const token of tokens) addToken(builder, token);
  const heading = tokens.find((token) => token.type === 'heading' && token.depth === 1);
  return builder.finish({ title: title ?? (heading && inlineText(heading)) });
}

/** The lines between two `---` at the head are data of programs; the title among them is kept. */
function takeFrontMatter(text: string): { body: string; title: string | null } {
  const match = /^---\n([\s\S]*?)\n(?:---|\.\.\.)\n/.exec(text);
  if (!match) return { body: text, title: null };
  const title = /^title:\s*["']?(.+?)["']?\s*$/m.exec(match[1] ?? '')?.[1] ?? null;
  return { body: text.slice(match[0].length), title };
}

function addToken(builder: DocumentBuilder, token: Token): void {
  switch (token.type) {
    case 'heading':
      builder.add({ type: 'heading', text: inlineText(token), level: (token as Tokens.Heading).depth });
      break;
    case 'code':
      builder.add({ type: 'code', text: (token as Tokens.Code).text });
      break;
    case 'list':
      builder.add({ type: 'list', text: listLines(token as Tokens.List).join('\n') });
      break;
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      const cells = (row: Tokens.TableCell[]) =>
        row.map((cell) => inlineText({ ...cell, type: 'text', raw: '' }));
      builder.addTable([cells(header), ...rows.map(cells)], { headerRows: 1 });
      break;
    }
    case 'blockquote':
      for (const inner of (token as Tokens.Blockquote).tokens) addToken(builder, inner);
      break;
    case 'space':
    case 'hr':
    case 'def':
      break;
    default:
      builder.add({ type: 'paragraph', text: inlineText(token) });
  }
}

function listLines({ ordered, start, items }: Tokens.List, depth = 0): string[] {
  return items.flatMap((item, index) => {
    const mark = ordered ? `${Number(start || 1) + index}.` : '-';
    const nested = item.tokens.filter((token) => token.type === 'list');
    const own = item.tokens.filter((token) => token.type !== 'list');
    return [
      `${mark} ${own.map(inlineText).join(' ')}`,
      ...nested.flatMap((list) => listLines(list as Tokens.List, depth + 1)),
    ];
  });
}

/** What a reader sees of a token. Of a link and a picture, the text and not the address. */
function inlineText(token: Token): string {
  switch (token.type) {
    case 'br':
      return '\n';
    case 'html':
      return textOf(parseMarkup(token.raw, { xml: false }));
    case 'image':
      return token.text;
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map((cell) => cell.text).join(' | ')).join('\n');
    }
    case 'codespan':
    case 'code':
    case 'escape':
      return token.text;
  }
  if ('tokens' in token && token.tokens) return token.tokens.map(inlineText).join('');
  return decodeEntities('text' in token && typeof token.text === 'string' ? token.text : '');
}

function decodeEntities(text: string): string {
  return text.includes('&') ? textOf(parseMarkup(text.replaceAll('<', '&lt;'), { xml: false })) : text;
}
