// Lines to blocks: tables where lines have aligned pieces, lists, headings by size or face, and paragraphs, whose lines
// are joined and whose words that were cut at a line's end are made whole. Every line keeps its place on the page.

import { headerRowsOf } from '../csv.ts';
import type { BlockBox, BlockInput } from '../document-builder.ts';
import { CELL_GAP } from '../document-builder.ts';
import { type Rectangle, union } from './page-runs.ts';
import { type Line, median, type Region } from './reading-order.ts';
import type { Segment } from './segments.ts';

/** What the whole document tells about its pages. */
export interface Typography {
  bodySize: number;
  bodyFont: string;
  /** Sizes that headings have, the largest first. */
  headingSizes: number[];
  /** Words, in small letters, that stand whole somewhere. */
  words: ReadonlySet<string>;
}

export interface PdfBlock extends BlockInput {
  page: number;
  boxes: BlockBox[];
  /** A paragraph that the next column or page may go on with. */
  open: boolean;
}

export function typographyOf(pages: readonly Segment[][]): Typography {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  const words = new Set<string>();
  for (const segment of pages.flat()) {
    const size = roundSize(segment.size);
    sizes.set(size, (sizes.get(size) ?? 0) + segment.text.length);
    fonts.set(segment.font, (fonts.get(segment.font) ?? 0) + segment.text.length);
    for (const word of segment.text.toLowerCase().match(/[\p{L}\p{M}]+(?:[-‐][\p{L}\p{M}]+)*/gu) ?? [])
      words.add(word);
  }
  const most = <T>(map: Map<T, number>) => [...map].sort((a, b) => b[1] - a[1])[0]?.[0];
  const bodySize = most(sizes) ?? 10;
  const headingSizes = [...sizes.keys()].filter((size) => size >= bodySize * 1.12).sort((a, b) => b - a);
  return { bodySize, bodyFont: most(fonts) ?? '', headingSizes, words };
}

const roundSize = (size: number) => Math.round(size * 2) / 2;

export function regionBlocks(region: Region, page: number, type: Typography): PdfBlock[] {
  const blocks: PdfBlock[] = [];
  let rest: Line[] = [];
  const flush = () => {
    blocks.push(...textBlocks(rest, { region, page, type }));
    rest = [];
  };
  for (let at = 0; at < region.lines.length; ) {
    const length = tableLength(region.lines, at);
    const line = region.lines[at];
    if (length === 0 || !line) {
      if (line) rest.push(line);
      at++;
      continue;
    }
    flush();
    if (length > 1) blocks.push(tableBlock(region.lines.slice(at, at + length), page));
    else rest.push(line);
    at += length;
  }
  flush();
  return blocks;
}

/**
 * How many lines from here on are a table: at least two of several pieces, each with a piece that stands under one of a
 * line before; a line of one piece only in between.
 */
function tableLength(lines: readonly Line[], from: number): number {
  if ((lines[from]?.segments.length ?? 0) < 2) return 0;
  const rows: Line[] = [];
  let end = from;
  for (let at = from; at < lines.length && at - end < 2; at++) {
    const line = lines[at];
    const before = lines[at - 1];
    if (!line) break;
    if (at > from && before && line.baseline - before.baseline > 4 * Math.max(line.size, before.size)) break;
    if (line.segments.length < 2) continue;
    if (rows.length > 0 && !rows.some((row) => isAligned(line, row))) break;
    rows.push(line);
    end = at + 1;
  }
  return rows.length >= 2 ? untilGap(lines.slice(from, end)) : 0;
}

/** Rows stand at even distances; where the distance jumps, another table begins. */
function untilGap(lines: readonly Line[]): number {
  const steps = lines.slice(1).map((line, index) => line.baseline - (lines[index]?.baseline ?? 0));
  const typical = median(steps);
  const jump = steps.findIndex((step, index) => step > 1.6 * typical && step > 2 * (lines[index]?.size ?? 0));
  return jump < 0 ? lines.length : jump + 1;
}

/** Whether a piece of a line begins, ends or has its middle where one of the other line does. */
function isAligned(line: Line, other: Line): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) < 0.6 * line.size;
  return line.segments.some((one) =>
    other.segments.some(
      (two) =>
        near(one.left, two.left) ||
        near(one.right, two.right) ||
        near(one.left + one.right, two.left + two.right),
    ),
  );
}

function tableBlock(lines: readonly Line[], page: number): PdfBlock {
  const columns = columnsOf(lines);
  const rows = lines.map((line) => {
    const cells: string[] = columns.map(() => '');
    for (const segment of line.segments) {
      const index = columns.findIndex((column) => segment.left < column.right && segment.right > column.left);
      cells[index] = cells[index] ? `${cells[index]} ${segment.text}` : segment.text;
    }
    while (cells.at(-1) === '') cells.pop();
    return cells;
  });
  let text = '';
  const boxes: BlockBox[] = [];
  rows.forEach((cells, index) => {
    if (text !== '') text += '\n';
    const start = text.length;
    text += cells.join(CELL_GAP);
    const line = lines[index];
    if (line) boxes.push(boxOf(line, { start, end: text.length, page }));
  });
  return { type: 'table', text, page, boxes, headerRows: Math.min(headerRowsOf(rows), 1), open: false };
}

/** Stretches of the width that the pieces of a table cover; pieces that lie over several others do not join them. */
function columnsOf(lines: readonly Line[]): { left: number; right: number }[] {
  const most = Math.max(...lines.map((line) => line.segments.length));
  const wide = lines.filter((line) => line.segments.length >= Math.max(2, most - 1));
  const merge = (pieces: readonly { left: number; right: number }[]) => {
    const columns: { left: number; right: number }[] = [];
    for (const { left, right } of [...pieces].sort((a, b) => a.left - b.left)) {
      const last = columns.at(-1);
      if (last && left < last.right) last.right = Math.max(last.right, right);
      else columns.push({ left, right });
    }
    return columns;
  };
  const columns = merge(wide.flatMap((line) => line.segments));
  // Cells that are not under any of them get a column of their own.
  const apart = lines
    .flatMap((line) => line.segments)
    .filter((one) => !columns.some((column) => one.left < column.right && one.right > column.left));
  return merge([...columns, ...apart]);
}

function boxOf(line: Line, place: { start: number; end: number; page: number }): BlockBox {
  const rectangle = line.segments
    .map((one) => one.shown)
    .reduce<Rectangle | null>((all, one) => (all ? union(all, one) : one), null);
  const { x, y, width, height } = rectangle ?? { x: 0, y: 0, width: 0, height: 0 };
  const round = (value: number) => Math.round(value * 100) / 100;
  return { ...place, x: round(x), y: round(y), width: round(width), height: round(height) };
}

const bullet = /^(?:[•‣▪◦●○■□–—*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S/;
const ends = /[.!?:;…»"”)]$/;

interface Context {
  region: Region;
  page: number;
  type: Typography;
}

function textBlocks(lines: readonly Line[], context: Context): PdfBlock[] {
  const groups: Line[][] = [];
  const steps = lines.slice(1).map((line, index) => line.baseline - (lines[index]?.baseline ?? 0));
  const step = median(steps.filter((one) => one > 0)) || context.type.bodySize * 1.2;
  for (const line of lines) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && !startsBlock(before, line, { step, group, ...context })) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => textBlock(group, context));
}

function startsBlock(
  before: Line,
  line: Line,
  { step, group, region, type }: Context & { step: number; group: Line[] },
): boolean {
  const gap = line.baseline - before.baseline;
  const size = Math.max(line.size, before.size);
  if (gap > Math.max(1.35 * Math.min(step, 2 * size), 1.3 * size) || gap < 0) return true;
  if (Math.abs(roundSize(line.size) - roundSize(before.size)) > 0.12 * size) return true;
  const [face, faceBefore] = [faceOf(line), faceOf(before)];
  if (
    face !== faceBefore &&
    (face === type.bodyFont || faceBefore === type.bodyFont) &&
    isShort(before, region)
  )
    return true;
  const text = lineText(line);
  if (bullet.test(text)) return true;
  const first = group[0];
  if (first && bullet.test(lineText(first)))
    return (
      line.left < first.left + 0.3 * size && line.left <= region.left + 0.3 * size && isShort(before, region)
    );
  const indented =
    line.left > region.left + 0.8 * size &&
    line.left > before.left + 0.8 * size &&
    line.left < region.left + 5 * size;
  if (indented && group.length > 1) return true;
  return isShort(before, region) && ends.test(lineText(before)) && /^[\p{Lu}\d«"“]/u.test(text);
}

function isShort(line: Line, region: Region): boolean {
  return line.right - region.left < 0.75 * (region.right - region.left);
}

const lineText = (line: Line) => line.segments.map((one) => one.text).join(' ');

function faceOf(line: Line): string {
  const [first] = line.segments;
  return line.segments.every((one) => one.font === first?.font) ? (first?.font ?? '') : '';
}

function textBlock(lines: readonly Line[], { region, page, type }: Context): PdfBlock {
  const { text, boxes } = joinLines(lines, { region, page, type });
  const level = headingLevel(lines, text, type);
  const base = { text, page, boxes };
  if (level !== null) return { ...base, type: 'heading', level, open: false };
  if (bullet.test(text)) return { ...base, type: 'list', open: false };
  return { ...base, type: 'paragraph', open: !ends.test(text) };
}

function headingLevel(lines: readonly Line[], text: string, type: Typography): number | null {
  const [first] = lines;
  if (!first || lines.length > 3 || text.length > 200 || !/\p{L}{2}/u.test(text)) return null;
  const size = roundSize(Math.max(...lines.map((line) => line.size)));
  const rank = type.headingSizes.indexOf(size);
  if (rank >= 0) return Math.min(rank + 1, 5);
  const otherFace =
    lines.every((line) => faceOf(line) !== '' && faceOf(line) !== type.bodyFont) &&
    size >= type.bodySize * 0.95;
  if (
    !otherFace ||
    text.length > 120 ||
    lines.length > 2 ||
    /[.,;]$/.test(text) ||
    !/^[\p{Lu}\d]/u.test(text)
  )
    return null;
  return Math.min(type.headingSizes.length + 1, 6);
}

/**
 * Joins lines into running text; of a word cut at the end of a line the hyphen goes, unless it is part of the word. A line
 * that ended long before the margin, as in an address, keeps its end.
 */
function joinLines(
  lines: readonly Line[],
  { region, page, type }: Context,
): { text: string; boxes: BlockBox[] } {
  let text = '';
  const boxes: BlockBox[] = [];
  let before: Line | null = null;
  for (const line of lines) {
    const own = lineText(line);
    if (before && isShort(before, region) && /^[^\p{Ll}]/u.test(own) && !/[-‐]$/.test(text)) text += '\n';
    else if (text !== '') text = joinText(text, own, type.words);
    const last = boxes.at(-1);
    if (last && last.end > text.length) last.end = text.length;
    const start = text.length;
    text += own;
    boxes.push(boxOf(line, { start, end: text.length, page }));
    before = line;
  }
  return { text, boxes };
}

/** What stands before the next line: the text so far with a space, or without its hyphen. */
export function joinText(text: string, next: string, words: ReadonlySet<string>): string {
  const cut = /([\p{L}\p{M}]+(?:[-‐][\p{L}\p{M}]+)*)[-‐]$/u.exec(text);
  const [following] = /^[\p{L}\p{M}]+/u.exec(next) ?? [];
  if (!cut || following === undefined) return wideEnd.test(text) && wideStart.test(next) ? text : `${text} `;
  const before = cut[1] ?? '';
  if (/^\p{Lu}/u.test(following)) return text;
  const compound = words.has(`${before}-${following}`.toLowerCase());
  return compound ? text : text.slice(0, -1);
}

/** Chinese and Japanese have no spaces between words. */
const wideEnd = /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]$/;
const wideStart = /^[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/;
