// PDF: the text of each page in the order of reading, with the place of every line. What draws text as a picture is told
// from what is blank, so that "not read yet" is said only of what could be read.
import type { PDFDocumentProxy, PDFPageProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { DocumentPage, ParsedDocument } from '../../../contracts/document.ts';
import { createDocumentBuilder, type DocumentBuilder } from '../document-builder.ts';
import { overLimit } from '../limits.ts';
import { usefulTitle } from '../office/open-xml.ts';
import { broken, encrypted, type ParseInput } from '../parser.ts';
import { loadPdfJs, openOptions } from './load-pdfjs.ts';
import { joinText, type PdfBlock, regionBlocks, typographyOf } from './page-blocks.ts';
import { withoutMargins } from './page-margins.ts';
import { placeRuns } from './page-runs.ts';
import { type Region, readingOrder } from './reading-order.ts';
import { makeSegments, type Segment } from './segments.ts';

export async function parsePdf(input: ParseInput): Promise<ParsedDocument> {
  const document = await open(input);
  try {
    return await readDocument(document, input);
  } finally {
    await document.loadingTask.destroy();
  }
}

async function open(
  { name, bytes }: ParseInput,
  extra: Record<string, unknown> = {},
): Promise<PDFDocumentProxy> {
  const { getDocument } = await loadPdfJs();
  try {
    // It takes the bytes away from their owner, so it gets its own.
    return await getDocument({ ...openOptions(), ...extra, data: Uint8Array.from(bytes) }).promise;
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw encrypted(name);
    throw broken(name, 'it is damaged so that no page can be found', error);
  }
}

interface PageText {
  /** The main direction of writing first, each as segments. */
  directions: Segment[][];
  notes: string[];
}

async function readDocument(document: PDFDocumentProxy, input: ParseInput): Promise<ParsedDocument> {
  const { name, limits } = input;
  if (document.numPages > limits.pages)
    overLimit('pages', `${name} has too many pages`, document.numPages, limits.pages);
  const builder = createDocumentBuilder(input);
  const texts: PageText[] = [];
  const pages: DocumentPage[] = [];
  let failure: unknown;
  let failures = 0;
  for (let number = 1; number <= document.numPages; number++) {
    try {
      const page = await document.getPage(number);
      const { width, height } = page.getViewport({ scale: 1 });
      const text = await readPage(page);
      page.cleanup();
      texts.push(text);
      pages.push({ number, width, height, content: text.directions.length > 0 ? 'text' : 'blank' });
    } catch (error) {
      failure = error;
      failures++;
      texts.push({ directions: [], notes: [] });
      pages.push({ number, width: 0, height: 0, content: 'blank' });
      const message = error instanceof Error ? error.message : String(error);
      builder.warn('page_failed', `Page ${number} cannot be read: ${message}.`, { page: number });
    }
  }
  if (failures === document.numPages) throw broken(name, 'none of its pages can be read', failure);
  await markScans(document, pages, { input, builder });
  addPages(builder, texts, pages);
  const { info } = await document.getMetadata();
  const facts = info as { Title?: unknown; Language?: unknown };
  return builder.finish({
    title: titleOf(typeof facts.Title === 'string' ? facts.Title : null, texts),
    language: typeof facts.Language === 'string' ? facts.Language : null,
    pageCount: document.numPages,
    pages,
  });
}

/** A line drawn with signs. */
const ruleOfSigns = /^[-=_*~.·–—\s]{5,}$/;

async function readPage(page: PDFPageProxy): Promise<PageText> {
  const content = await page.getTextContent();
  const items = content.items.filter((item): item is TextItem => 'str' in item);
  const vertical = (font: string) => content.styles[font]?.vertical === true;
  const { transform } = page.getViewport({ scale: 1 });
  const directions = placeRuns(items, transform, vertical)
    .map(makeSegments)
    .map((segments) => segments.filter(({ text }) => !ruleOfSigns.test(text)))
    .filter((segments) => segments.length > 0);
  return { directions, notes: notesOf(await page.getAnnotations()) };
}

/** What was filled into a form, and what was written on a page. */
function notesOf(annotations: readonly Record<string, unknown>[]): string[] {
  return annotations.flatMap((annotation) => {
    const { subtype, fieldName, fieldValue, contentsObj, hidden } = annotation;
    if (hidden === true) return [];
    if (subtype === 'Widget') {
      const value = Array.isArray(fieldValue) ? fieldValue.join(', ') : fieldValue;
      return typeof value === 'string' && value !== '' && value !== 'Off'
        ? [`${String(fieldName)}: ${value}`]
        : [];
    }
    const text = (contentsObj as { str?: unknown } | undefined)?.str;
    return subtype !== 'Link' && typeof text === 'string' && text.trim() !== '' ? [text] : [];
  });
}

/** The best title is one that a person wrote; else the largest line at the head of the first page. */
function titleOf(written: string | null, texts: readonly PageText[]): string | null {
  const useful = usefulTitle(written?.trim() || null);
  if (useful && /\p{L}{3}/u.test(useful)) return useful;
  const first = [...(texts[0]?.directions[0] ?? [])].sort((a, b) => a.baseline - b.baseline);
  const largest = first
    .slice(0, 12)
    .reduce<Segment | null>((best, one) => (!best || one.size > best.size * 1.05 ? one : best), null);
  const typical = typographyOf([first]).bodySize;
  return largest && largest.size > typical * 1.15 && /\p{L}{3}/u.test(largest.text) ? largest.text : null;
}

/** So many pages without text are looked at with their pictures; of more, whether they draw anything at all. */
const LOOKED_AT = 8;
const MANY_PATHS = 20;

/** Of the pages without text: those with a picture or a drawing are scans. */
async function markScans(
  document: PDFDocumentProxy,
  pages: DocumentPage[],
  { input, builder }: { input: ParseInput; builder: DocumentBuilder },
): Promise<void> {
  const blank = pages.filter((page) => page.content === 'blank' && page.width > 0);
  if (blank.length === 0) return;
  for (const entry of blank.slice(0, LOOKED_AT))
    if (await draws(document, entry.number)) entry.content = 'scan';
  const rest = blank.slice(LOOKED_AT);
  if (rest.length > 0) {
    // Decoding the pictures of a whole book takes minutes: here each is over the limit and left out.
    const light = await open(input, { maxImageSize: 1 });
    try {
      for (const entry of rest) if (await draws(light, entry.number, true)) entry.content = 'scan';
    } finally {
      await light.loadingTask.destroy();
    }
  }
  const scans = pages.filter((page) => page.content === 'scan').map((page) => page.number);
  if (scans.length === 0) return;
  const which = scans.length === pages.length ? 'Its pages are' : `Pages ${scans.join(', ')} are`;
  builder.warn('pages_not_read', `${which} pictures of text (scans), which are not read yet.`, {
    pages: scans,
  });
}

/** @param light pictures were left out, so what places one counts for one */
async function draws(document: PDFDocumentProxy, number: number, light = false): Promise<boolean> {
  const { OPS } = await loadPdfJs();
  const page = await document.getPage(number);
  const { fnArray } = await page.getOperatorList();
  page.cleanup();
  const pictures: number[] = [
    OPS.paintImageXObject,
    OPS.paintInlineImageXObject,
    OPS.paintImageMaskXObject,
    OPS.paintImageXObjectRepeat,
  ];
  if (light) pictures.push(OPS.transform, OPS.paintFormXObjectBegin);
  return (
    fnArray.some((operator) => pictures.includes(operator)) ||
    fnArray.filter((operator) => operator === OPS.constructPath).length > MANY_PATHS
  );
}

function addPages(
  builder: DocumentBuilder,
  texts: readonly PageText[],
  pages: readonly DocumentPage[],
): void {
  const main = withoutMargins(texts.map((text) => text.directions[0] ?? []));
  const type = typographyOf(main);
  let waiting: PdfBlock | null = null;
  /** Page breaks that a paragraph goes across come after it. */
  let breaks: number[] = [];
  const flush = () => {
    if (waiting) builder.add(waiting);
    for (const page of breaks) builder.add({ type: 'page-break', text: '', page });
    waiting = null;
    breaks = [];
  };
  pages.forEach(({ number, content }, index) => {
    if (number > 1) breaks.push(number);
    if (content === 'scan') {
      flush();
      builder.add({ type: 'scan', text: '', page: number });
    }
    const others = (texts[index]?.directions ?? []).slice(1);
    const regions: Region[] = [main[index] ?? [], ...others].flatMap((segments) => readingOrder(segments));
    for (const block of regions.flatMap((region) => regionBlocks(region, number, type))) {
      if (waiting && goesOn(waiting, block)) waiting = join(waiting, block, type.words);
      else if (waiting?.type === 'list' && block.type === 'list') waiting = append(waiting, block);
      else {
        flush();
        waiting = block;
      }
    }
    for (const note of texts[index]?.notes ?? []) {
      flush();
      builder.add({ type: 'note', text: note, page: number });
    }
  });
  flush();
}

/** A paragraph that was cut by the end of a column or page: no end before, a small letter after. */
function goesOn(before: PdfBlock, block: PdfBlock): boolean {
  return (
    before.open && before.type === 'paragraph' && block.type === 'paragraph' && /^\p{Ll}/u.test(block.text)
  );
}

/** Items of one list, a line each. */
function append(before: PdfBlock, block: PdfBlock): PdfBlock {
  const shift = before.text.length + 1;
  const boxes = block.boxes.map((box) => ({ ...box, start: box.start + shift, end: box.end + shift }));
  return { ...before, text: `${before.text}\n${block.text}`, boxes: [...before.boxes, ...boxes] };
}

function join(before: PdfBlock, block: PdfBlock, words: ReadonlySet<string>): PdfBlock {
  const head = joinText(before.text, block.text, words);
  const boxes = [
    ...before.boxes.map((box) => ({ ...box, end: Math.min(box.end, head.length) })),
    ...block.boxes.map((box) => ({ ...box, start: box.start + head.length, end: box.end + head.length })),
  ];
  return { ...before, text: head + block.text, boxes, open: block.open };
}
