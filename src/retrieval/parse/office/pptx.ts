// PowerPoint (OOXML): slides in the order of the show, each with its title, texts, tables, charts' texts and notes.
import type { ParsedDocument } from '../../../contracts/document.ts';
import { type Archive, openArchive } from '../archive.ts';
import { createDocumentBuilder, type DocumentBuilder } from '../document-builder.ts';
import { overLimit } from '../limits.ts';
import { attribute, child, descendants, type Element, elementsOf, localName, textOf } from '../markup.ts';
import { broken, type ParseInput } from '../parser.ts';
import { openXmlFacts, relations } from './open-xml.ts';

export async function parsePptx(input: ParseInput): Promise<ParsedDocument> {
  const archive = await openArchive(input);
  const show = archive.xml('ppt/presentation.xml');
  if (!show) throw broken(input.name, 'it has no presentation');
  const targets = relations(archive, 'ppt/presentation.xml');
  const builder = createDocumentBuilder(input);
  const slides = [...descendants(show, 'sldId')].flatMap((slide) => {
    const id = Object.entries(slide.attributes).find(([key]) => key.endsWith(':id'))?.[1];
    const target = id === undefined ? undefined : targets.get(id)?.target;
    return target ? [target] : [];
  });
  if (slides.length > input.limits.pages)
    overLimit('pages', `${input.name} has too many slides`, slides.length, input.limits.pages);
  slides.forEach((slide, index) => {
    addSlide(archive, builder, slide, index + 1);
  });
  return builder.finish({ ...openXmlFacts(archive), pageCount: slides.length });
}

function addSlide(archive: Archive, builder: DocumentBuilder, path: string, page: number): void {
  const slide = archive.xml(path);
  if (!slide) return;
  if (page > 1) builder.add({ type: 'page-break', text: '', page });
  const tree = descendants(slide, 'spTree').next().value;
  const parts = relations(archive, path);
  if (tree) addShapes(archive, builder, { tree, parts, page });
  for (const { target, type } of parts.values()) {
    if (type === 'notesSlide') {
      for (const shape of descendants(archive.xml(target) ?? slide, 'sp'))
        if (placeholderOf(shape) === 'body')
          builder.add({ type: 'note', text: paragraphs(shape).join('\n'), page });
    } else if (type === 'comments') {
      for (const text of descendants(archive.xml(target) ?? slide, 'text'))
        builder.add({ type: 'note', text: textOf(text), page });
    }
  }
}

interface Shapes {
  tree: Element;
  parts: ReturnType<typeof relations>;
  page: number;
}

function addShapes(archive: Archive, builder: DocumentBuilder, { tree, parts, page }: Shapes): void {
  for (const shape of elementsOf(tree)) {
    switch (localName(shape)) {
      case 'grpSp':
        addShapes(archive, builder, { tree: shape, parts, page });
        break;
      case 'AlternateContent':
        addShapes(archive, builder, { tree: child(shape, 'Choice') ?? shape, parts, page });
        break;
      case 'sp': {
        const role = placeholderOf(shape);
        // A number or date that the program fills in says nothing of the slide.
        if (role === 'sldNum' || (role === 'dt' && !descendants(shape, 'fld').next().done)) break;
        const lines = paragraphs(shape);
        const text = lines.join('\n');
        if (role === 'title' || role === 'ctrTitle') builder.add({ type: 'heading', text, level: 1, page });
        else if (role === 'subTitle') builder.add({ type: 'paragraph', text, page });
        else builder.add({ type: lines.length > 1 ? 'list' : 'paragraph', text, page });
        break;
      }
      case 'graphicFrame': {
        for (const table of descendants(shape, 'tbl')) {
          const rows = [...descendants(table, 'tr')].map((row) =>
            [...descendants(row, 'tc')].map((cell) => paragraphs(cell).join(' ')),
          );
          builder.addTable(rows, {
            headerRows: attribute(child(table, 'tblPr'), 'firstRow') === '1' ? 1 : 0,
            page,
          });
        }
        for (const chart of descendants(shape, 'chart')) {
          const id = Object.entries(chart.attributes).find(([key]) => key.endsWith(':id'))?.[1];
          const part = id === undefined ? undefined : parts.get(id);
          if (part) addChart(archive.xml(part.target), builder, page);
        }
      }
    }
  }
}

function addChart(chart: Element | null, builder: DocumentBuilder, page: number): void {
  if (!chart) return;
  const title = descendants(chart, 'title').next().value;
  if (title) builder.add({ type: 'paragraph', text: paragraphs(title).join(' '), page });
  const series = [...descendants(chart, 'ser')].map((one) => ({
    name: cached(child(one, 'tx')).join(' '),
    categories: cached(child(one, 'cat')),
    values: cached(child(one, 'val')),
  }));
  const categories = series[0]?.categories ?? [];
  if (series.length === 0) return;
  builder.addTable(
    [
      ['', ...series.map(({ name }) => name)],
      ...categories.map((category, index) => [category, ...series.map(({ values }) => values[index] ?? '')]),
    ],
    { headerRows: 1, page },
  );
}

function cached(element: Element | undefined): string[] {
  return element ? [...descendants(element, 'pt')].map((point) => textOf(point)) : [];
}

function placeholderOf(shape: Element): string | null {
  const placeholder = descendants(shape, 'ph').next().value;
  return placeholder ? (attribute(placeholder, 'type') ?? 'body') : null;
}

function paragraphs(shape: Element): string[] {
  return [...descendants(shape, 'p')]
    .map((paragraph) => runText(paragraph).trim())
    .filter((text) => text !== '');
}

function runText(element: Element): string {
  return elementsOf(element)
    .map((part) => {
      const name = localName(part);
      return name === 't' ? textOf(part) : name === 'br' ? '\n' : runText(part);
    })
    .join('');
}
