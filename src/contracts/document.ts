// What a parsed file is: blocks in reading order over one plain text, so that a passage, a quote and a place on a page
// are all offsets into the same string.
import { z } from 'zod';

/** The kinds that Atelier reads, each by its own parser. */
export const documentKinds = [
  'pdf',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'ods',
  'odp',
  'epub',
  'rtf',
  'html',
  'markdown',
  'text',
  'csv',
  'code',
  'email',
] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const boxSchema = z.object({
  start: z.number().int().describe('First character, an offset into the plain text of the document'),
  end: z.number().int().describe('One past the last character'),
  page: z.number().int().describe('Page number from 1'),
  x: z.number().describe('Left edge in points (1/72 inch) from the left of the page as it is shown'),
  y: z.number().describe('Upper edge in points from the top of the page as it is shown'),
  width: z.number().describe('In points'),
  height: z.number().describe('In points'),
});
export type Box = z.infer<typeof boxSchema>;

export const blockTypes = [
  'heading',
  'paragraph',
  'list',
  'table',
  'code',
  'note',
  'page-break',
  'scan',
] as const;

export const blockSchema = z.object({
  type: z
    .enum(blockTypes)
    .describe(
      'A list item a line; a table row a line, its cells parted by " | "; note: footnotes and comments; page-break and scan have no text, and scan is a page that is only a picture (not read yet)',
    ),
  text: z.string().describe('The characters from start to end of the plain text'),
  start: z.number().int(),
  end: z.number().int(),
  level: z.number().int().min(1).max(6).optional().describe('Of a heading: 1 is the highest'),
  page: z.number().int().optional().describe('Page, slide or sheet number from 1, where the block begins'),
  headerRows: z.number().int().optional().describe('Of a table: how many of its first lines are its header'),
  boxes: z.array(boxSchema).optional().describe('Where its lines stand on the pages, for highlighting'),
});
export type Block = z.infer<typeof blockSchema>;

export const documentPageSchema = z.object({
  number: z.number().int(),
  width: z.number().describe('In points, as the page is shown'),
  height: z.number(),
  content: z
    .enum(['text', 'scan', 'blank'])
    .describe('scan: a picture without text, not read yet; blank: nothing on it'),
});
export type DocumentPage = z.infer<typeof documentPageSchema>;

export const documentWarningSchema = z.object({
  code: z
    .enum([
      'pages_not_read',
      'repaired',
      'encoding_guessed',
      'wrong_extension',
      'parts_skipped',
      'no_text',
      'page_failed',
      'no_vectors',
    ])
    .describe('A stable word; the page words it'),
  message: z.string().describe('What was not read or guessed, in English'),
  data: z.record(z.string(), z.unknown()),
});
export type DocumentWarning = z.infer<typeof documentWarningSchema>;

export const parsedDocumentSchema = z.object({
  kind: z.enum(documentKinds),
  title: z.string().describe('From the document itself, else its file name without the ending'),
  language: z.string().nullable().describe('ISO 639-1 code, declared or recognised; null when neither'),
  pageCount: z.number().int().nullable().describe('Pages, slides or sheets; null for kinds without them'),
  pages: z.array(documentPageSchema).describe('Of a PDF; empty for kinds whose places are not on pages'),
  blocks: z.array(blockSchema).describe('In reading order, their offsets ascending'),
  warnings: z.array(documentWarningSchema),
});
export type ParsedDocument = z.infer<typeof parsedDocumentSchema>;

/** What stands between two blocks with text. */
export const BLOCK_GAP = '\n\n';

/** The text that every offset points into: the texts of all blocks that have one, with an empty line between them. */
export function plainText(document: Pick<ParsedDocument, 'blocks'>): string {
  return document.blocks.flatMap((block) => (block.text === '' ? [] : [block.text])).join(BLOCK_GAP);
}
