// Puts blocks one after another and keeps count of their offsets, so that no parser does sums.
import {
  BLOCK_GAP,
  type Block,
  type Box,
  type DocumentKind,
  type DocumentPage,
  type DocumentWarning,
  type ParsedDocument,
} from '../../contracts/document.ts';
import { cleanLine, cleanLines, cleanText } from './clean-text.ts';
import { detectLanguage } from './detect-language.ts';
import { overLimit } from './limits.ts';
import type { ParseInput } from './parser.ts';

/** A box whose offsets count from the start of its block's text. */
export type BlockBox = Box;

export interface BlockInput {
  type: Block['type'];
  /** Already clean when it has boxes; cleaned here otherwise. */
  text: string;
  level?: number;
  page?: number;
  headerRows?: number;
  boxes?: BlockBox[];
}

export interface DocumentFacts {
  title?: string | null | undefined;
  language?: string | null | undefined;
  pageCount?: number | null;
  pages?: DocumentPage[];
}

export interface DocumentBuilder {
  /** A block without text is left out, unless it is a page-break or a scan. */
  add(block: BlockInput): void;
  /** Rows of cells; trailing empty cells and empty rows are left out. */
  addTable(rows: readonly (readonly string[])[], options?: { headerRows?: number; page?: number }): void;
  warn(code: DocumentWarning['code'], message: string, data?: Record<string, unknown>): void;
  finish(facts?: DocumentFacts): ParsedDocument;
}

/** What parts the cells of a row. */
export const CELL_GAP = ' | ';

export function createDocumentBuilder({ name, kind, limits }: ParseInput): DocumentBuilder {
  const blocks: Block[] = [];
  const warnings: DocumentWarning[] = [];
  let length = 0;

  function push(block: BlockInput, text: string): void {
    if (text === '' && block.type !== 'page-break' && block.type !== 'scan') return;
    const start = text === '' || length === 0 ? length : length + BLOCK_GAP.length;
    const end = start + text.length;
    if (end > limits.characters) overLimit('characters', `${name} has too much text`, end, limits.characters);
    length = end;
    const { type, level, page, headerRows, boxes } = block;
    blocks.push({
      type,
      text,
      start,
      end,
      ...(level !== undefined && { level: Math.min(6, Math.max(1, level)) }),
      ...(page !== undefined && { page }),
      ...(headerRows !== undefined && { headerRows }),
      ...(boxes?.length && {
        boxes: boxes.map((box) => ({ ...box, start: box.start + start, end: box.end + start })),
      }),
    });
  }

  return {
    add(block) {
      if (block.boxes?.length) return push(block, block.text);
      if (block.type === 'code') return push(block, cleanText(block.text).replace(/^\n+|\s+$/g, ''));
      push(block, block.type === 'heading' ? cleanLine(block.text) : cleanLines(block.text));
    },
    addTable(rows, { headerRows = 0, page } = {}) {
      const lines = rows.map((row) => {
        const cells = row.map(cleanLine);
        while (cells.length > 0 && cells.at(-1) === '') cells.pop();
        return cells.join(CELL_GAP);
      });
      const kept = lines.filter((line) => line !== '');
      const header = lines.slice(0, headerRows).filter((line) => line !== '').length;
      push(
        {
          type: 'table',
          text: '',
          headerRows: Math.min(header, kept.length),
          ...(page !== undefined && { page }),
        },
        kept.join('\n'),
      );
    },
    warn(code, message, data = {}) {
      warnings.push({ code, message, data });
    },
    finish({ title, language, pageCount = null, pages = [] } = {}) {
      if (length === 0 && !warnings.some((warning) => warning.code === 'pages_not_read'))
        warnings.push({ code: 'no_text', message: `${name} has no text.`, data: {} });
      const heading = sheets.has(kind)
        ? undefined
        : blocks.slice(0, 3).find((block) => block.type === 'heading');
      const found = cleanLine(title ?? heading?.text ?? '').slice(0, 300);
      const declared = /^[a-z]{2}/i.exec(language ?? '')?.[0].toLowerCase();
      return {
        kind,
        title: found === '' ? titleFromName(name) : found,
        // What the words say comes first: programs declare the language of the machine, not of the text.
        language: detectLanguage(sample(blocks)) ?? declared ?? null,
        pageCount,
        pages,
        blocks,
        warnings,
      };
    },
  };
}

/** Kinds whose headings are names of sheets, often the program's own. */
const sheets: ReadonlySet<DocumentKind> = new Set(['xlsx', 'ods', 'csv']);

function titleFromName(name: string): string {
  const stem = name.replace(/\.[A-Za-z0-9]{1,8}$/, '');
  return cleanLine(stem.replace(/[_]+/g, ' ')) || name;
}

function sample(blocks: readonly Block[]): string {
  let text = '';
  for (const block of blocks) {
    if (block.type !== 'code') text += `${block.text.slice(0, 2_000)}\n`;
    if (text.length > 20_000) break;
  }
  return text;
}
