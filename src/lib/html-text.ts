// The readable text of an HTML page as plain Markdown: headings, lists, tables, links; no scripts, menus or footers.
// One pass over the source without a document tree, so that time and memory follow the page's size.
import { Parser } from 'htmlparser2';

export interface HtmlText {
  title: string | null;
  language: string | null;
  description: string | null;
  text: string;
}

/** Their content is no text. */
const silent = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'math',
  'iframe',
  'object',
  'canvas',
  'select',
  'datalist',
  'button',
  'head',
  'dialog',
  'audio',
  'video',
]);
/** Around the page's matter; left out when there is enough without them. */
const frame = new Set(['nav', 'footer', 'aside', 'menu']);
const frameRoles = new Set([
  'navigation',
  'contentinfo',
  'complementary',
  'search',
  'menu',
  'menubar',
  'dialog',
]);
const blocks = new Set([
  'p',
  'div',
  'section',
  'article',
  'main',
  'header',
  'footer',
  'nav',
  'aside',
  'ul',
  'ol',
  'dl',
  'dt',
  'dd',
  'table',
  'figure',
  'figcaption',
  'form',
  'fieldset',
  'address',
  'details',
  'summary',
  'blockquote',
  'hr',
  'li',
  'tr',
  'pre',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'body',
  'caption',
]);
const empty = new Set([
  'br',
  'hr',
  'img',
  'input',
  'meta',
  'link',
  'area',
  'base',
  'col',
  'embed',
  'source',
  'track',
  'wbr',
]);

/** Below this many characters the page's matter is taken to be in its frame as well. */
const ENOUGH = 200;

/** The parser's time grows with the square of the depth. No honest page comes near. */
const MAX_DEPTH = 2000;

class TooDeep extends Error {}

interface Piece {
  text: string;
  framed: boolean;
  main: boolean;
}

export interface HtmlTextOptions {
  /** Links are made absolute against it. Without it links are plain text. */
  baseUrl?: string;
}

export function htmlToText(html: string, { baseUrl }: HtmlTextOptions = {}): HtmlText {
  const pieces: Piece[] = [];
  const open: { name: string; silent: boolean; framed: boolean; main: boolean; href: string | null }[] = [];
  const lists: { ordered: boolean; count: number }[] = [];
  let [mute, framed, main, pre] = [0, 0, 0, 0];
  let inTitle = false;
  let cells = 0;
  let title = '';
  let language: string | null = null;
  let description: string | null = null;

  const put = (text: string) => {
    if (mute === 0) pieces.push({ text, framed: framed > 0, main: main > 0 });
  };
  const absolute = (href: string | undefined): string | null => {
    if (baseUrl === undefined || href === undefined || href.startsWith('#')) return null;
    const url = URL.parse(href, baseUrl);
    return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'html') language = attributes.lang ?? null;
        if (name === 'meta' && /^(og:)?description$/.test(attributes.name ?? attributes.property ?? ''))
          description ??= attributes.content ?? null;
        // Only the title of the page: a drawing has titles too.
        if (name === 'title') inTitle = title === '' && !open.some((element) => element.name === 'svg');
        if (empty.has(name)) {
          if (name === 'br') put('\n');
          else if (name === 'hr') put('\n\n');
          else if (name === 'img' && attributes.alt) put(`[image: ${attributes.alt}]`);
          return;
        }
        const hidden =
          'hidden' in attributes ||
          attributes['aria-hidden'] === 'true' ||
          /display:\s*none/i.test(attributes.style ?? '');
        const element = {
          name,
          silent: silent.has(name) || hidden,
          framed: frame.has(name) || frameRoles.has(attributes.role ?? ''),
          main: name === 'main' || name === 'article' || attributes.role === 'main',
          href: name === 'a' ? absolute(attributes.href) : null,
        };
        if (open.push(element) > MAX_DEPTH) throw new TooDeep();
        if (element.silent) mute++;
        if (element.framed) framed++;
        if (element.main) main++;
        if (blocks.has(name)) put(name === 'li' || name === 'tr' || name === 'dd' ? '\n' : '\n\n');
        const level = /^h([1-6])$/.exec(name)?.[1];
        if (level !== undefined) put(`${'#'.repeat(Number(level))} `);
        if (name === 'ul' || name === 'ol') lists.push({ ordered: name === 'ol', count: 0 });
        if (name === 'li') {
          const list = lists.at(-1);
          if (list) list.count++;
          put(`${'  '.repeat(Math.max(0, lists.length - 1))}${list?.ordered ? `${list.count}.` : '-'} `);
        }
        if (name === 'tr') cells = 0;
        if (name === 'td' || name === 'th') put(cells++ === 0 ? '' : ' | ');
        if (name === 'pre') {
          put('```\n');
          pre++;
        }
        if (element.href !== null) put('[');
      },
      ontext(text) {
        if (inTitle) title += text;
        put(pre > 0 ? text : text.replaceAll(/\s+/g, ' '));
      },
      onclosetag(name) {
        if (name === 'title') inTitle = false;
        if (empty.has(name)) return;
        const element = open.pop();
        if (element === undefined) return;
        if (element.href !== null) put(`](${element.href})`);
        if (name === 'pre') {
          pre--;
          put('\n```');
        }
        if (name === 'ul' || name === 'ol') lists.pop();
        if (blocks.has(name)) put(name === 'li' || name === 'tr' || name === 'dd' ? '\n' : '\n\n');
        if (element.main) main--;
        if (element.framed) framed--;
        if (element.silent) mute--;
      },
    },
    { decodeEntities: true },
  );
  try {
    parser.write(html);
    parser.end();
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { title: null, language, description, text: tidy(html.replaceAll(/<[^<>]*>/g, ' ')) };
  }

  const join = (keep: (piece: Piece) => boolean) =>
    tidy(
      pieces
        .filter(keep)
        .map(({ text }) => text)
        .join(''),
    );
  const candidates = [
    () => join((piece) => piece.main && !piece.framed),
    () => join((piece) => !piece.framed),
    () => join(() => true),
  ];
  let text = '';
  for (const candidate of candidates) {
    const found = candidate();
    if (found.length > text.length) text = found;
    if (text.length >= ENOUGH) break;
  }
  const clean = title.replaceAll(/\s+/g, ' ').trim();
  return { title: clean === '' ? null : clean, language, description, text };
}

/** At most one empty line, single blanks outside code, no link without words; list items keep their indent. */
function tidy(text: string): string {
  const lines: string[] = [];
  let fenced = false;
  for (const line of text.split('\n')) {
    if (line.trim() === '```') fenced = !fenced;
    const kept = fenced ? line.trimEnd() : tidyLine(line);
    if (kept === '' && !fenced && (lines.length === 0 || lines.at(-1) === '')) continue;
    lines.push(kept);
  }
  return lines.join('\n').trim();
}

function tidyLine(line: string): string {
  const words = line
    .replaceAll(/\[\s*\]\([^)\s]*\)/g, '')
    .replaceAll(/[ \t\u00a0]+/g, ' ')
    .trim();
  const isItem = /^(-|\d+\.)( |$)/.test(words);
  if (words === '-' || words === '') return '';
  return isItem ? `${/^ */.exec(line)?.[0] ?? ''}${words}` : words;
}
