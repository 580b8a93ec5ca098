// Excel (OOXML): a heading and a table a sheet, cells as the sheet shows them. Sheets are read as a stream of elements,
// not as a tree, because they are what grows. Source: ECMA-376, part 1, SpreadsheetML.
import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../../../contracts/document.ts';
import { type Archive, openArchive } from '../archive.ts';
import { headerRowsOf } from '../csv.ts';
import { createDocumentBuilder } from '../document-builder.ts';
import { overLimit } from '../limits.ts';
import { attribute, child, descendants, elementsOf, localName, textOf } from '../markup.ts';
import { broken, type ParseInput } from '../parser.ts';
import { formatNumber, formatText } from './cell-format.ts';
import { openXmlFacts, relations } from './open-xml.ts';

const MOST_CELLS = 5_000_000;
const MOST_COLUMNS = 16_384;

export async function parseXlsx(input: ParseInput): Promise<ParsedDocument> {
  const archive = await openArchive(input);
  const workbook = child(archive.xml('xl/workbook.xml') ?? undefined, 'workbook');
  if (!workbook) throw broken(input.name, 'it has no workbook');
  const targets = relations(archive, 'xl/workbook.xml');
  const book: Book = {
    strings: readStrings(archive),
    formats: readFormats(archive),
    date1904: ['1', 'true'].includes(attribute(child(workbook, 'workbookPr'), 'date1904') ?? ''),
    cells: 0,
  };
  const builder = createDocumentBuilder(input);
  const sheets = [...descendants(workbook, 'sheet')];
  let page = 0;
  const hidden: string[] = [];
  for (const sheet of sheets) {
    const relation = targets.get(attribute(sheet, 'id') ?? '');
    if (relation?.type !== 'worksheet') continue;
    page++;
    const name = attribute(sheet, 'name') ?? `${page}`;
    if (attribute(sheet, 'state') === 'veryHidden') {
      hidden.push(name);
      continue;
    }
    const text = archive.text(relation.target);
    if (text === null) throw broken(input.name, `its sheet ${name} is missing`);
    const rows = readSheet(text, book);
    if (book.cells > MOST_CELLS)
      overLimit('memoryBytes', `${input.name} has too many cells`, book.cells, MOST_CELLS);
    if (rows.length === 0) continue;
    builder.add({ type: 'heading', text: name, level: 1, page });
    builder.addTable(rows, { headerRows: headerRowsOf(rows), page });
  }
  if (hidden.length > 0)
    builder.warn('parts_skipped', `Sheets that their maker hid were not read: ${hidden.join(', ')}.`, {
      sheets: hidden,
    });
  const { title, language } = openXmlFacts(archive);
  return builder.finish({ title, language, pageCount: page });
}

interface Book {
  strings: string[];
  /** Number format by cell style. */
  formats: string[];
  date1904: boolean;
  cells: number;
}

/** Phonetic hints (`rPh`) stand beside the text and are not part of it. */
function readStrings(archive: Archive): string[] {
  const root = child(archive.xml('xl/sharedStrings.xml') ?? undefined, 'sst');
  return root ? elementsOf(root).map(richText) : [];
}

function richText(item: Parameters<typeof elementsOf>[0]): string {
  return elementsOf(item)
    .map((part) => (localName(part) === 't' ? textOf(part) : localName(part) === 'r' ? richText(part) : ''))
    .join('');
}

function readFormats(archive: Archive): string[] {
  const styles = child(archive.xml('xl/styles.xml') ?? undefined, 'styleSheet');
  if (!styles) return [];
  const custom = new Map<number, string>();
  for (const format of descendants(styles, 'numFmt'))
    custom.set(Number(attribute(format, 'numFmtId')), attribute(format, 'formatCode') ?? '');
  const cells = child(styles, 'cellXfs');
  return cells
    ? elementsOf(cells).map((cell) => formatText(Number(attribute(cell, 'numFmtId') ?? 0), custom))
    : [];
}

function readSheet(xml: string, book: Book): string[][] {
  const rows: string[][] = [];
  let row: string[] | null = null;
  let cell: { column: number; type: string; style: number; value: string } | null = null;
  let inValue = 0;
  let inHint = 0;
  const name = (tag: string) => tag.slice(tag.indexOf(':') + 1);
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        switch (name(tag)) {
          case 'row':
            row = [];
            break;
          case 'c': {
            const column = attributes.r ? columnOf(attributes.r) : (row?.length ?? 0);
            cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: '' };
            break;
          }
          case 'v':
          case 't':
            inValue++;
            break;
          case 'rPh':
            inHint++;
        }
      },
      ontext(text) {
        if (cell && inValue > 0 && inHint === 0) cell.value += text;
      },
      onclosetag(tag) {
        switch (name(tag)) {
          case 'row':
            if (row?.some((text) => text !== undefined && text !== ''))
              rows.push(Array.from(row, (text) => text ?? ''));
            row = null;
            break;
          case 'c':
            if (cell && row && cell.value !== '' && cell.column < MOST_COLUMNS) {
              row[cell.column] = shown(cell, book);
              book.cells++;
            }
            cell = null;
            break;
          case 'v':
          case 't':
            inValue--;
            break;
          case 'rPh':
            inHint--;
        }
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return withoutEmptyColumns(rows);
}

function shown({ type, style, value }: { type: string; style: number; value: string }, book: Book): string {
  switch (type) {
    case 's':
      return book.strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n': {
      const number = Number(value);
      const format = book.formats[style] ?? 'General';
      return value.trim() !== '' && Number.isFinite(number) ? formatNumber(number, format, book) : value;
    }
    default:
      return value;
  }
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.match(/^[A-Z]+/i)?.[0].toUpperCase() ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return Math.max(0, column - 1);
}

/** Tables often begin away from the corner. */
function withoutEmptyColumns(rows: string[][]): string[][] {
  const used = new Set<number>();
  for (const row of rows) for (const [column, text] of row.entries()) if (text !== '') used.add(column);
  const columns = [...used].sort((a, b) => a - b);
  return rows.map((row) => columns.map((column) => row[column] ?? ''));
}
