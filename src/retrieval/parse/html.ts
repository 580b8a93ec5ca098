// HTML: what a reader of the page would call its text. Hidden parts, menus, side bars and lists of nothing but links are
// left out; tables, lists, code and headings keep their shape.
import type { ParsedDocument } from '../../contracts/document.ts';
import { cleanLine } from './clean-text.ts';
import { decodeText } from './decode-text.ts';
import { createDocumentBuilder, type DocumentBuilder } from './document-builder.ts';
import { descendants, type Element, elementsOf, parseMarkup, textOf } from './markup.ts';
import { empty, type ParseInput } from './parser.ts';
import { warnOfGuess } from './text.ts';

export function parseHtml(input: ParseInput): ParsedDocument {
  const builder = createDocumentBuilder(input);
  const head = Buffer.from(input.bytes.subarray(0, 4096)).toString('latin1');
  const declared = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1];
  const decoded = decodeText(input.bytes, declared);
  warnOfGuess(builder, decoded);
  if (decoded.text.trim() === '') throw empty(input.name);
  const root = parseMarkup(decoded.text, { xml: false });
  const html = descendants(root, 'html').next().value;
  const title = descendants(root, 'title').next().value;
  addHtml(builder, mainPart(root));
  return builder.finish({ title: title && textOf(title), language: html?.attributes.lang });
}

const neverShown = new Set(
  'head script style noscript template svg math iframe object embed canvas audio video select datalist dialog'.split(
    ' ',
  ),
);
const outside = new Set(['nav', 'aside', 'footer']);
const outsideRoles = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'dialog',
  'menu',
]);
const outsideNames =
  /(^|[\s_-])(cookies?|consent|sidebar|side-bar|breadcrumbs?|navbar|nav|menu|toc|pagination|pager|share|social|related|newsletter|skip-link|advert(isement)?|ads|sr-only|visually-hidden|noprint|navbox|mw-editsection|catlinks|printfooter|comment-form)($|[\s_-])/i;

function isHidden({ attributes }: Element): boolean {
  return (
    'hidden' in attributes ||
    attributes['aria-hidden'] === 'true' ||
    /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributes.style ?? '')
  );
}

function isOutside(element: Element): boolean {
  const { attributes, name } = element;
  if (outside.has(name) || outsideRoles.has(attributes.role ?? '')) return true;
  if (name === 'body' || name === 'html' || name === 'main' || name === 'article') return false;
  return outsideNames.test(attributes.class ?? '') || outsideNames.test(attributes.id ?? '');
}

/**
 * The element that holds the text: `main`, or the only `article`, when it has most of what is shown. What a page's maker
 * marked as something else is taken off before; when nothing is left then, the whole page is read.
 */
function mainPart(root: Element): Element {
  const shown = prune(root, (element) => neverShown.has(element.name) || isHidden(element));
  const inside = prune(shown, (element) => isOutside(element) || isLinkList(element));
  const whole = lengthOf(inside);
  if (whole < 0.1 * lengthOf(shown)) return shown;
  for (const candidates of [[...descendants(inside, 'main')], [...descendants(inside, 'article')]]) {
    const [only] = candidates;
    if (only && candidates.length === 1 && lengthOf(only) > 0.4 * whole) return only;
  }
  return inside;
}

function prune(element: Element, drop: (element: Element) => boolean): Element {
  return {
    ...element,
    children: element.children.flatMap((part): (Element | string)[] =>
      typeof part === 'string' ? [part] : drop(part) ? [] : [prune(part, drop)],
    ),
  };
}

function lengthOf(element: Element): number {
  return textOf(element).replace(/\s+/g, ' ').length;
}

/** A menu that is not marked as one: a list of many short links and next to nothing else. */
function isLinkList(element: Element): boolean {
  if (element.name !== 'ul' && element.name !== 'ol') return false;
  const links = [...descendants(element, 'a')];
  if (links.length < 5) return false;
  const linked = links.reduce((sum, link) => sum + lengthOf(link), 0);
  return linked / links.length < 40 && linked > 0.85 * lengthOf(element);
}

const blocks = new Set(
  (
    'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr html legend li main nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul #root'
  ).split(' '),
);

/** Adds what an element holds, block by block. Also used for the parts of e-mails and e-books. */
export function addHtml(builder: DocumentBuilder, element: Element, page?: number): void {
  const at = page === undefined ? {} : { page };
  let line = '';
  const flush = () => {
    builder.add({ type: 'paragraph', text: line, ...at });
    line = '';
  };
  const walk = (parent: Element): void => {
    for (const part of parent.children) {
      if (typeof part === 'string') {
        line += part.replace(/\s+/g, ' ');
        continue;
      }
      if (neverShown.has(part.name) || isHidden(part)) continue;
      if (part.name === 'br') line += '\n';
      else if (part.name === 'img') line += part.attributes.alt ? ` ${part.attributes.alt} ` : '';
      else if (!blocks.has(part.name)) walk(part);
      else {
        flush();
        addBlock(part);
        flush();
      }
    }
  };
  const addBlock = (part: Element): void => {
    if (/^h[1-6]$/.test(part.name))
      builder.add({ type: 'heading', text: inlineText(part), level: Number(part.name[1]), ...at });
    else if (part.name === 'pre') builder.add({ type: 'code', text: textOf(part), ...at });
    else if ((part.name === 'ul' || part.name === 'ol') && isPlainList(part))
      builder.add({ type: 'list', text: listLines(part).join('\n'), ...at });
    else if (part.name === 'table' && isDataTable(part)) {
      const { rows, headerRows } = tableRows(part);
      builder.addTable(rows, { headerRows, ...at });
    } else walk(part);
  };
  walk(element);
  flush();
}

/** Text on one line, or on several where there is a break. */
function inlineText(element: Element): string {
  return element.children
    .map((part) => {
      if (typeof part === 'string') return part.replace(/\s+/g, ' ');
      if (neverShown.has(part.name) || isHidden(part)) return '';
      if (part.name === 'br') return '\n';
      if (part.name === 'img') return part.attributes.alt ?? '';
      return blocks.has(part.name) ? ` ${inlineText(part)} ` : inlineText(part);
    })
    .join('');
}

/** A list whose items are lines, not whole articles: those are read block by block. */
function isPlainList(list: Element): boolean {
  const heavy = ['h1', 'h2', 'h3', 'h4', 'pre', 'table'];
  return heavy.every((name) => descendants(list, name).next().done) && textOf(list).length < 20_000;
}

function listLines(list: Element): string[] {
  let number = Number(list.attributes.start ?? 1) || 1;
  return elementsOf(list).flatMap((item) => {
    if (item.name === 'ul' || item.name === 'ol') return listLines(item);
    const nested = [...descendants(item, 'ul'), ...descendants(item, 'ol')];
    const own = prune(item, (part) => part.name === 'ul' || part.name === 'ol');
    const text = cleanLine(inlineText(own));
    const mark = list.name === 'ol' ? `${number++}.` : '-';
    return [...(text === '' ? [] : [`${mark} ${text}`]), ...nested.flatMap(listLines)];
  });
}

/** A table that only arranges a page has other tables or headings in its cells, or a single column. */
function isDataTable(table: Element): boolean {
  const rows = [...ownRows(table)];
  const wide = rows.some((row) => cellsOf(row).length > 1);
  const inner = rows
    .flatMap(cellsOf)
    .some((cell) => ['table', 'h1', 'h2', 'pre'].some((name) => !descendants(cell, name).next().done));
  return wide && !inner;
}

function* ownRows(table: Element): Generator<Element> {
  for (const part of elementsOf(table)) {
    if (part.name === 'tr') yield part;
    else if (/^(thead|tbody|tfoot)$/.test(part.name)) yield* ownRows(part);
  }
}

const cellsOf = (row: Element) => elementsOf(row).filter(({ name }) => name === 'td' || name === 'th');

function tableRows(table: Element): { rows: string[][]; headerRows: number } {
  const rows: string[][] = [];
  /** Cells that reach down from rows above, by column: how many rows more, and their text. */
  const reaching = new Map<number, { left: number; text: string }>();
  let headerRows = 0;
  for (const row of ownRows(table)) {
    const cells: string[] = [];
    const take = () => {
      for (
        let above = reaching.get(cells.length);
        above && above.left > 0;
        above = reaching.get(cells.length)
      ) {
        above.left--;
        cells.push(above.text);
      }
    };
    for (const cell of cellsOf(row)) {
      take();
      const text = cleanLine(inlineText(cell));
      const down = Math.min(Number(cell.attributes.rowspan ?? 1) || 1, 1000);
      const across = Math.min(Number(cell.attributes.colspan ?? 1) || 1, 100);
      for (let i = 0; i < across; i++) {
        if (down > 1) reaching.set(cells.length, { left: down - 1, text });
        cells.push(i === 0 ? text : '');
      }
    }
    take();
    const all = cellsOf(row);
    if (headerRows === rows.length && all.length > 0 && all.every(({ name }) => name === 'th')) headerRows++;
    rows.push(cells);
  }
  return { rows, headerRows };
}
