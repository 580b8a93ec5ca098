// Word (OOXML): headings by style, lists, tables, foot- and endnotes after the paragraph that calls them, headers and
// footers once. Deleted text is left out, inserted text is kept. Source: ECMA-376, part 1, WordprocessingML.
import type { ParsedDocument } from '../../../contracts/document.ts';
import { type Archive, openArchive } from '../archive.ts';
import { createDocumentBuilder, type DocumentBuilder } from '../document-builder.ts';
import { attribute, child, descendants, type Element, elementsOf, localName, textOf } from '../markup.ts';
import { broken, type ParseInput } from '../parser.ts';
import { openXmlFacts } from './open-xml.ts';

export async function parseDocx(input: ParseInput): Promise<ParsedDocument> {
  const archive = await openArchive(input);
  const body = child(
    child(archive.xml('word/document.xml') ?? archive.xml('word/document2.xml') ?? undefined, 'document'),
    'body',
  );
  if (!body) throw broken(input.name, 'its main part has no body');
  const builder = createDocumentBuilder(input);
  const notes = new Map([...readNotes(archive, 'footnote'), ...readNotes(archive, 'endnote')]);
  const reader = createReader(builder, { styles: readStyles(archive), notes });
  addMargin(archive, builder, 'header');
  reader.addAll(body);
  addMargin(archive, builder, 'footer');
  for (const comment of descendants(archive.xml('word/comments.xml') ?? body, 'comment')) {
    const author = attribute(comment, 'author');
    const text = [...descendants(comment, 'p')].map((paragraph) => runText(paragraph)).join('\n');
    builder.add({ type: 'note', text: author ? `${author}: ${text}` : text });
  }
  const facts = openXmlFacts(archive);
  return builder.finish({ ...facts, title: facts.title ?? reader.title() });
}

interface Style {
  /** 0 for a title, 1 to 6 for headings. */
  level: number | null;
}

/** Paragraph styles by id: their outline level, or what their English name says, inherited from what they are based on. */
function readStyles(archive: Archive): Map<string, Style> {
  const styles = new Map<string, Style>();
  const raw = new Map<string, Element>();
  for (const style of descendants(archive.xml('word/styles.xml') ?? emptyElement, 'style')) {
    const id = attribute(style, 'styleId');
    if (id) raw.set(id, style);
  }
  const levelOf = (id: string | undefined, depth = 0): number | null => {
    const style = id === undefined ? undefined : raw.get(id);
    if (!style || depth > 10) return null;
    const name = attribute(child(style, 'name'), 'val')?.toLowerCase() ?? '';
    if (name === 'title') return 0;
    const named = /^(?:heading|titre|überschrift) ?([1-9])$/.exec(name)?.[1];
    if (named) return Number(named);
    const outline = outlineOf(child(style, 'pPr'));
    return outline ?? levelOf(attribute(child(style, 'basedOn'), 'val'), depth + 1);
  };
  for (const id of raw.keys()) styles.set(id, { level: levelOf(id) });
  return styles;
}

/** Outline level 0 is heading 1; 9 is body text. */
function outlineOf(properties: Element | undefined): number | null {
  const value = attribute(child(properties, 'outlineLvl'), 'val');
  return value === undefined || Number(value) > 8 ? null : Number(value) + 1;
}

const emptyElement: Element = { name: '#none', attributes: {}, children: [] };

function readNotes(archive: Archive, kind: 'footnote' | 'endnote'): [string, string][] {
  const notes: [string, string][] = [];
  for (const note of descendants(archive.xml(`word/${kind}s.xml`) ?? emptyElement, kind)) {
    // Separators have a type; what a person wrote has none.
    if (attribute(note, 'type') && attribute(note, 'type') !== 'normal') continue;
    const text = [...descendants(note, 'p')].map((paragraph) => runText(paragraph)).join('\n');
    notes.push([`${kind}:${attribute(note, 'id')}`, text]);
  }
  return notes;
}

/** Each different header or footer once: they repeat on every page. */
function addMargin(archive: Archive, builder: DocumentBuilder, kind: 'header' | 'footer'): void {
  const seen = new Set<string>();
  for (const name of archive.names
    .filter((part) => new RegExp(`^word/${kind}\\d*\\.xml$`).test(part))
    .sort()) {
    const text = [...descendants(archive.xml(name) ?? emptyElement, 'p')]
      .map((paragraph) => runText(paragraph))
      .join('\n')
      .trim();
    if (seen.has(text) || /^[\s\d/|.-]*$/.test(text)) continue;
    seen.add(text);
    builder.add({ type: 'note', text });
  }
}

interface Reader {
  addAll(container: Element): void;
  /** The text of the first paragraph in the Title style. */
  title(): string | null;
}

function createReader(
  builder: DocumentBuilder,
  { styles, notes }: { styles: Map<string, Style>; notes: Map<string, string> },
): Reader {
  let title: string | null = null;
  let list: string[] = [];
  const flushList = () => {
    builder.add({ type: 'list', text: list.join('\n') });
    list = [];
  };

  function addParagraph(paragraph: Element): void {
    const called: string[] = [];
    const text = runText(paragraph, called);
    const properties = child(paragraph, 'pPr');
    const level =
      outlineOf(properties) ?? styles.get(attribute(child(properties, 'pStyle'), 'val') ?? '')?.level ?? null;
    if (level === null && child(properties, 'numPr') && text.trim() !== '') {
      list.push(`- ${text.replace(/\s*\n\s*/g, ' ')}`);
    } else {
      flushList();
      if (level === 0) title ??= text;
      builder.add(
        level === null ? { type: 'paragraph', text } : { type: 'heading', text, level: Math.max(1, level) },
      );
    }
    const texts = called.flatMap((key) => (notes.has(key) ? [`${notes.get(key)}`] : []));
    if (texts.length > 0) {
      flushList();
      for (const note of texts) builder.add({ type: 'note', text: note });
    }
    for (const box of textBoxes(paragraph)) {
      flushList();
      reader.addAll(box);
    }
  }

  function addTable(table: Element): void {
    const { rows, nested, headerRows } = tableRows(table);
    // One column only frames text.
    if (rows.every((row) => row.length <= 1)) for (const cell of tableCells(table)) reader.addAll(cell);
    else {
      builder.addTable(rows, { headerRows });
      for (const inner of nested) addTable(inner);
    }
  }

  const reader: Reader = {
    addAll(container) {
      for (const element of elementsOf(container)) {
        const name = localName(element);
        if (name === 'p') addParagraph(element);
        else {
          if (name === 'tbl' || list.length > 0) flushList();
          if (name === 'tbl') addTable(element);
          else if (name === 'sdt') reader.addAll(child(element, 'sdtContent') ?? emptyElement);
          else if (wrappers.has(name)) reader.addAll(element);
        }
      }
      flushList();
    },
    title: () => title,
  };
  return reader;
}

const wrappers = new Set(['ins', 'moveTo', 'customXml', 'smartTag', 'sdtContent', 'altChunk']);
const skipped = new Set([
  'del',
  'moveFrom',
  'delText',
  'instrText',
  'pPr',
  'rPr',
  'Fallback',
  'txbxContent',
  'sdtPr',
]);

/** The text of a paragraph in order; keys of the notes that it calls are added to `called`. */
function runText(element: Element, called: string[] = []): string {
  let text = '';
  for (const part of elementsOf(element)) {
    const name = localName(part);
    if (skipped.has(name)) continue;
    if (name === 't') text += textOf(part);
    else if (name === 'tab') text += '\t';
    else if (name === 'br' || name === 'cr') text += '\n';
    else if (name === 'noBreakHyphen') text += '-';
    else if (name === 'footnoteReference' || name === 'endnoteReference')
      called.push(`${name.slice(0, -'Reference'.length)}:${attribute(part, 'id')}`);
    else if (name === 'sym') text += symbolText(part);
    else text += runText(part, called);
  }
  return text;
}

/** Symbol fonts keep their signs in a private area that no other font shows. */
function symbolText(element: Element): string {
  const code = Number.parseInt(attribute(element, 'char') ?? '', 16);
  return Number.isFinite(code) && (code < 0xe000 || code > 0xf8ff) ? String.fromCodePoint(code) : '';
}

function* textBoxes(element: Element): Generator<Element> {
  for (const part of elementsOf(element)) {
    if (localName(part) === 'Fallback') continue;
    if (localName(part) === 'txbxContent') yield part;
    else yield* textBoxes(part);
  }
}

/** Rows and cells may stand inside content controls and changes. */
function* inside(container: Element, name: string): Generator<Element> {
  for (const element of elementsOf(container)) {
    const own = localName(element);
    if (own === name) yield element;
    else if (own === 'sdt' || wrappers.has(own)) yield* inside(element, name);
  }
}

function* tableCells(table: Element): Generator<Element> {
  for (const row of inside(table, 'tr')) yield* inside(row, 'tc');
}

function tableRows(table: Element): { rows: string[][]; nested: Element[]; headerRows: number } {
  const rows: string[][] = [];
  const nested: Element[] = [];
  let headerRows = 0;
  for (const row of inside(table, 'tr')) {
    const cells: string[] = [];
    for (const cell of inside(row, 'tc')) {
      const properties = child(cell, 'tcPr');
      const merge = child(properties, 'vMerge');
      // A cell that goes on from the row above has its text there.
      const goesOn = merge !== undefined && attribute(merge, 'val') !== 'restart';
      const own = goesOn
        ? (rows.at(-1)?.[cells.length] ?? '')
        : [...inside(cell, 'p')].map((paragraph) => runText(paragraph)).join('\n');
      nested.push(...inside(cell, 'tbl'));
      cells.push(own);
      for (let i = 1; i < Math.min(Number(attribute(child(properties, 'gridSpan'), 'val') ?? 1), 64); i++)
        cells.push('');
    }
    if (child(child(row, 'trPr'), 'tblHeader') && headerRows === rows.length) headerRows++;
    rows.push(cells);
  }
  // Word marks the first row as a header by the look of the table, seldom by the row itself.
  if (headerRows === 0 && attribute(child(child(table, 'tblPr'), 'tblLook'), 'firstRow') === '1')
    headerRows = 1;
  return { rows, nested, headerRows: rows.length > 1 ? headerRows : 0 };
}
