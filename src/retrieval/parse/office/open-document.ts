// OpenDocument texts, sheets and slides, which share one grammar. Source: OASIS OpenDocument 1.3, part 3.
import type { ParsedDocument } from '../../../contracts/document.ts';
import { type Archive, openArchive } from '../archive.ts';
import { headerRowsOf } from '../csv.ts';
import { createDocumentBuilder, type DocumentBuilder } from '../document-builder.ts';
import { attribute, child, descendants, type Element, elementsOf, localName, textOf } from '../markup.ts';
import { broken, encrypted, type ParseInput } from '../parser.ts';
import { usefulTitle } from './open-xml.ts';

export async function parseOpenDocument(input: ParseInput): Promise<ParsedDocument> {
  const archive = await openArchive(input);
  const manifest = archive.text('META-INF/manifest.xml');
  if (manifest?.includes('encryption-data')) throw encrypted(input.name);
  const body = child(child(archive.xml('content.xml') ?? undefined, 'document-content'), 'body');
  if (!body) throw broken(input.name, 'its content has no body');
  const builder = createDocumentBuilder(input);
  const state: State = { page: 0, sheets: child(body, 'spreadsheet') !== undefined };
  for (const part of elementsOf(body)) addAll(builder, part, state);
  return builder.finish({ ...facts(archive), pageCount: input.kind === 'odt' ? null : state.page });
}

interface State {
  /** The slide or sheet, from 1; 0 in a text. */
  page: number;
  /** Tables at the top are sheets. */
  sheets: boolean;
}

function facts(archive: Archive): { title: string | null; language: string | null } {
  const meta = archive.xml('meta.xml');
  const read = (name: string) => {
    const element = meta ? descendants(meta, name).next().value : undefined;
    const text = element ? textOf(element).trim() : '';
    return text === '' ? null : text;
  };
  return { title: usefulTitle(read('title')), language: read('language') };
}

function addAll(builder: DocumentBuilder, parent: Element, state: State): void {
  const page = state.page > 0 ? { page: state.page } : {};
  for (const part of elementsOf(parent)) {
    const notes: string[] = [];
    switch (localName(part)) {
      case 'h':
        builder.add({
          type: 'heading',
          text: runText(part, notes),
          level: Number(attribute(part, 'outline-level') ?? 1),
          ...page,
        });
        break;
      case 'p':
        builder.add({ type: 'paragraph', text: runText(part, notes), ...page });
        for (const frame of frames(part)) addAll(builder, frame, state);
        break;
      case 'list':
        builder.add({ type: 'list', text: listLines(part, notes).join('\n'), ...page });
        break;
      case 'table':
        addTable(builder, part, state);
        break;
      case 'page':
        state.page++;
        if (state.page > 1) builder.add({ type: 'page-break', text: '', page: state.page });
        addAll(builder, part, state);
        break;
      case 'notes':
        builder.add({
          type: 'note',
          text: [...descendants(part, 'p')].map((line) => runText(line, notes)).join('\n'),
          ...page,
        });
        break;
      case 'tracked-changes':
      case 'forms':
      case 'sequence-decls':
      case 'table-template':
        break;
      default:
        addAll(builder, part, state);
    }
    for (const note of notes) builder.add({ type: 'note', text: note, ...page });
  }
}

/** Text boxes that are anchored in a paragraph. */
function* frames(paragraph: Element): Generator<Element> {
  for (const part of elementsOf(paragraph)) {
    if (localName(part) === 'frame') yield part;
    else if (localName(part) !== 'note') yield* frames(part);
  }
}

function listLines(list: Element, notes: string[]): string[] {
  return elementsOf(list).flatMap((item) =>
    elementsOf(item).flatMap((part) => {
      if (localName(part) === 'list') return listLines(part, notes);
      const text = runText(part, notes).trim();
      return text === '' ? [] : [`- ${text}`];
    }),
  );
}

const MOST_REPEATS = 200;

function addTable(builder: DocumentBuilder, table: Element, state: State): void {
  const rows: string[][] = [];
  const nested: Element[] = [];
  let headerRows = 0;
  const readRows = (parent: Element, header: boolean) => {
    for (const part of elementsOf(parent)) {
      const kind = localName(part);
      if (kind === 'table-header-rows') readRows(part, true);
      else if (kind === 'table-rows' || kind === 'table-row-group') readRows(part, header);
      else if (kind === 'table-row') {
        const cells = readCells(part, nested);
        // Sheets end with one row that stands for the rest of a million.
        if (cells.every((cell) => cell.trim() === '')) continue;
        for (let i = 0; i < repeats(part, 'number-rows-repeated'); i++) rows.push(cells);
        if (header) headerRows = rows.length;
      }
    }
  };
  readRows(table, false);
  if (state.sheets) state.page++;
  const page = state.page > 0 ? { page: state.page } : {};
  if (state.sheets && rows.length > 0)
    builder.add({ type: 'heading', text: attribute(table, 'name') ?? '', level: 1, ...page });
  builder.addTable(rows, { headerRows: headerRows || headerRowsOf(rows), ...page });
  for (const inner of nested) addTable(builder, inner, { ...state, sheets: false });
}

function repeats(element: Element, name: string): number {
  return Math.min(Math.max(1, Number(attribute(element, name) ?? 1) || 1), MOST_REPEATS);
}

function readCells(row: Element, nested: Element[]): string[] {
  const cells: string[] = [];
  for (const cell of elementsOf(row)) {
    const kind = localName(cell);
    if (kind !== 'table-cell' && kind !== 'covered-table-cell') continue;
    const notes: string[] = [];
    const text = elementsOf(cell)
      .map((part) => {
        if (localName(part) === 'table') nested.push(part);
        if (localName(part) === 'list') return listLines(part, notes).join(' ');
        return localName(part) === 'annotation' || localName(part) === 'table' ? '' : runText(part, notes);
      })
      .join(' ');
    for (
      let i = 0;
      i <
      (text.trim() === ''
        ? Math.min(repeats(cell, 'number-columns-repeated'), 30)
        : repeats(cell, 'number-columns-repeated'));
      i++
    )
      cells.push(text);
  }
  return cells;
}

function runText(element: Element, notes: string[]): string {
  return element.children
    .map((part) => {
      if (typeof part === 'string') return part.replace(/\s+/g, ' ');
      switch (localName(part)) {
        case 's':
          return ' '.repeat(Math.min(Number(attribute(part, 'c') ?? 1), 100));
        case 'tab':
          return '\t';
        case 'line-break':
          return '\n';
        case 'note': {
          const body = child(part, 'note-body');
          if (body) notes.push([...descendants(body, 'p')].map((line) => runText(line, notes)).join('\n'));
          return '';
        }
        case 'frame':
        case 'annotation':
          return '';
        default:
          return runText(part, notes);
      }
    })
    .join('');
}
