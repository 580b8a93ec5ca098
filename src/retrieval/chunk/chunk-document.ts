// A document as passages: sections stay together, sentences and rows stay whole, each passage knows its title, headings
// and place. Sizes are in the tokens of the model that embeds the passages, counted by a function that is given.
import { createHash } from 'node:crypto';
import { type Chunk, passageText } from '../../contracts/chunk.ts';
import { type Block, type Box, type ParsedDocument, plainText } from '../../contracts/document.ts';
import { createBreather } from '../../lib/breathe.ts';
import { headingPaths, shortened } from './heading-path.ts';
import { cutUnit, type Unit, unitsOf } from './units.ts';

/** How many tokens each text has, without marks for start and end. Asked for many texts at once. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]> | readonly number[];

export interface ChunkOptions {
  countTokens: CountTokens;
  /** A passage grows to about this size, context included. */
  target?: number;
  /** No passage is larger: the model's context, less its marks and prefix. */
  most?: number;
  /** A section that is smaller goes together with the next one. */
  smallest?: number;
  /** Sentences up to this size are repeated where a paragraph had to be cut. */
  overlap?: number;
}

const CONTEXT_CHARACTERS = 160;
const COUNT_AT_ONCE = 512;

interface SizedUnit extends Unit {
  tokens: number;
}

/** A passage while it is made: units that follow each other. */
type Draft = SizedUnit[];

export async function chunkDocument(document: ParsedDocument, options: ChunkOptions): Promise<Chunk[]> {
  const { countTokens, target = 256, most = 448, smallest = 80, overlap = 40 } = options;
  const { blocks, language } = document;
  const text = plainText(document);
  const count = batched(countTokens);
  const paths = headingPaths(blocks);
  const contexts = createContexts(document, paths);

  const breathe = createBreather();
  const pieces: Unit[] = [];
  for (const [index, block] of blocks.entries()) {
    for (const unit of unitsOf(block, index, language)) pieces.push(unit);
    await breathe();
  }
  const units = await sized(pieces, { text, count, largest: target * 0.75, language });
  const headers = await tableHeaders(blocks, { count, largest: target * 0.4 });
  const contextTokens = await sizesOf(contexts.all(), count);
  const drafts = pack(units, {
    blocks,
    smallest,
    overlap,
    target,
    most,
    extra: (unit) =>
      (contextTokens.get(contexts.of(unit.block)) ?? 0) + (headerOf(headers, unit, blocks)?.tokens ?? 0),
  });

  const chunks: Chunk[] = [];
  const ids = new Map<string, number>();
  const sizes = await count(drafts.map((draft) => passageText(describe(draft))));
  for (const [index, draft] of drafts.entries()) {
    await breathe();
    const tokens = sizes[index] ?? 0;
    if (tokens <= most || draft.length === 1) chunks.push(finish(draft, tokens));
    // Sums of parts are a little off; a passage over the limit would lose its end unseen.
    else {
      const middle = Math.ceil(draft.length / 2);
      const halves = [draft.slice(0, middle), draft.slice(middle)];
      const counted = await count(halves.map((half) => passageText(describe(half))));
      halves.forEach((half, at) => {
        chunks.push(finish(half, counted[at] ?? 0));
      });
    }
  }
  return chunks;

  function describe(draft: Draft): Pick<Chunk, 'text' | 'start' | 'end' | 'context' | 'headings' | 'header'> {
    const [first] = draft;
    const start = first?.start ?? 0;
    const end = draft.at(-1)?.end ?? start;
    const block = first?.block ?? 0;
    const headings = (paths[block] ?? []).map((at) => blocks[at]?.text ?? '');
    const header = first ? (headerOf(headers, first, blocks)?.text ?? null) : null;
    return { text: text.slice(start, end), start, end, context: contexts.of(block), headings, header };
  }

  function finish(draft: Draft, tokens: number): Chunk {
    const described = describe(draft);
    const hash = createHash('sha256').update(passageText(described)).digest('hex');
    const again = (ids.get(hash) ?? 0) + 1;
    ids.set(hash, again);
    const id = `${hash.slice(0, 32)}${again > 1 ? `-${again}` : ''}`;
    return { id, hash, ...described, tokens, ...placesOf(blocks, draft, described) };
  }
}

function batched(countTokens: CountTokens): (texts: readonly string[]) => Promise<number[]> {
  return async (texts) => {
    const counts: number[] = [];
    for (let at = 0; at < texts.length; at += COUNT_AT_ONCE)
      counts.push(...(await countTokens(texts.slice(at, at + COUNT_AT_ONCE))));
    return counts;
  };
}

type Count = (texts: readonly string[]) => Promise<number[]>;

async function sizesOf(texts: readonly string[], count: Count): Promise<Map<string, number>> {
  const counts = await count(texts);
  return new Map(texts.map((text, index) => [text, counts[index] ?? 0]));
}

/** Units with their sizes; what is larger than a passage may be is cut until it is not. */
async function sized(
  units: readonly Unit[],
  {
    text,
    count,
    largest,
    language,
  }: { text: string; count: Count; largest: number; language: string | null },
): Promise<SizedUnit[]> {
  const done: SizedUnit[] = [];
  const counts = await count(units.map((unit) => text.slice(unit.start, unit.end)));
  const large: { at: number; unit: SizedUnit }[] = [];
  units.forEach((unit, index) => {
    const one = { ...unit, tokens: counts[index] ?? 0 };
    if (one.tokens > largest && one.end - one.start > 1) large.push({ at: done.length, unit: one });
    done.push(one);
  });
  for (const { at, unit } of large.reverse()) {
    const parts = cutUnit(unit, Math.ceil(unit.tokens / largest), text, language);
    // A part that is a single letter is as small as it gets.
    const pieces =
      parts.length < 2 ? [unit] : await sized(parts, { text, count, largest: largest * 1.5, language });
    done.splice(at, 1, ...pieces);
  }
  return done;
}

interface Header {
  text: string;
  tokens: number;
  /** Rows that begin before are the header itself. */
  end: number;
}

/** The first lines of each table that say what its columns are; one that is as large as a passage is not repeated. */
async function tableHeaders(
  blocks: readonly Block[],
  { count, largest }: { count: Count; largest: number },
): Promise<Map<number, Header>> {
  const found: { index: number; text: string; end: number }[] = [];
  blocks.forEach((block, index) => {
    if (block.type !== 'table' || !block.headerRows) return;
    const text = block.text.split('\n').slice(0, block.headerRows).join('\n');
    found.push({ index, text, end: block.start + text.length });
  });
  const counts = await count(found.map(({ text }) => text));
  const headers = new Map<number, Header>();
  found.forEach(({ index, text, end }, at) => {
    const tokens = counts[at] ?? 0;
    if (tokens <= largest) headers.set(index, { text, tokens, end });
  });
  return headers;
}

function headerOf(headers: ReadonlyMap<number, Header>, unit: Unit, blocks: readonly Block[]): Header | null {
  const header = blocks[unit.block]?.type === 'table' ? headers.get(unit.block) : undefined;
  return header && unit.start >= header.end ? header : null;
}

interface Contexts {
  of(block: number): string;
  all(): string[];
}

/** Title and headings above, without what says the same twice. */
function createContexts({ title, blocks }: ParsedDocument, paths: readonly number[][]): Contexts {
  const texts = paths.map((path, index) => {
    const parts = [title, ...path.map((at) => blocks[at]?.text ?? '')];
    // A passage that begins with the title itself needs no title before it.
    const own = blocks[index]?.type === 'heading' ? (blocks[index]?.text ?? '') : '';
    const kept = parts.filter((part, at) => part !== '' && part !== own && parts.indexOf(part) === at);
    return kept
      .map((part) => shortened(part.replace(/\s+/g, ' '), Math.floor(CONTEXT_CHARACTERS / kept.length)))
      .join(' > ');
  });
  return { of: (block) => texts[block] ?? '', all: () => [...new Set(texts)] };
}

interface PackOptions {
  blocks: readonly Block[];
  target: number;
  most: number;
  smallest: number;
  overlap: number;
  /** What a passage that begins with this unit has besides its units. */
  extra: (unit: Unit) => number;
}

/** Fills passages up to the target, and ends them where a reader would: before a heading, a paragraph, a sentence. */
function pack(
  units: readonly SizedUnit[],
  { blocks, target, most, smallest, overlap, extra }: PackOptions,
): Draft[] {
  const drafts: Draft[] = [];
  let draft: Draft = [];
  let size = 0;
  const rests = restsOf(units);
  const levelOf = (unit: Unit | undefined) => (unit && blocks[unit.block]?.level) ?? 7;
  const isHeading = (unit: Unit | undefined) => unit !== undefined && blocks[unit.block]?.type === 'heading';
  const start = (from: Draft) => {
    draft = from;
    size = (from[0] ? extra(from[0]) : 0) + from.reduce((sum, unit) => sum + unit.tokens, 0);
  };
  const close = (then: Draft = []) => {
    // A heading goes with what it stands over; an outline, which has nothing else, is a passage.
    let end = draft.length;
    while (end > 0 && isHeading(draft[end - 1])) end--;
    if (end === 0 && draft.length > 1) end = draft.length;
    if (end > 0) drafts.push(draft.slice(0, end));
    start([...draft.slice(end), ...then]);
  };
  const add = (unit: SizedUnit, index: number): void => {
    const before = units[index - 1];
    const newBlock = before?.block !== unit.block;
    if (draft.length === 0) {
      start([unit]);
      return;
    }
    const rest = rests[index] ?? 0;
    // A new chapter begins a passage even after a short section.
    const enough = levelOf(unit) < levelOf(draft[0]) ? smallest / 2 : smallest;
    if (isHeading(unit) && !isHeading(before) && size >= enough) close();
    else if (newBlock && size + rest > target && size >= target / 2 && rest + extra(unit) <= target) close();
    else if (size + unit.tokens > target && size >= smallest) {
      // The last words of a block that still fit are better here than alone.
      const tail = size + rest <= Math.min(most, target * 1.25) && rest < smallest;
      if (!tail) close(newBlock ? [] : repeated(draft, { blocks, overlap, unit }));
    } else if (size + unit.tokens > most) close();
    if (draft.length === 0) start([unit]);
    else {
      draft.push(unit);
      size += unit.tokens;
    }
  };
  units.forEach(add);
  if (draft.length > 0) drafts.push(draft);
  return drafts;
}

/** For each unit, the tokens from it to the end of its block. */
function restsOf(units: readonly SizedUnit[]): number[] {
  const rests = new Array<number>(units.length).fill(0);
  for (let at = units.length - 1; at >= 0; at--) {
    const sameBlock = units[at]?.block === units[at + 1]?.block;
    rests[at] = (units[at]?.tokens ?? 0) + (sameBlock ? (rests[at + 1] ?? 0) : 0);
  }
  return rests;
}

/** The sentence before the cut, when it is of the same paragraph and short. */
function repeated(
  draft: Draft,
  { blocks, overlap, unit }: { blocks: readonly Block[]; overlap: number; unit: Unit },
): Draft {
  const last = draft.at(-1);
  const prose = blocks[unit.block]?.type === 'paragraph';
  return last && prose && draft.length > 1 && last.block === unit.block && last.tokens <= overlap
    ? [last]
    : [];
}

function placesOf(
  blocks: readonly Block[],
  draft: Draft,
  { start, end }: { start: number; end: number },
): Pick<Chunk, 'page' | 'lastPage' | 'boxes'> {
  const from = draft[0]?.block ?? 0;
  const to = draft.at(-1)?.block ?? from;
  const own = blocks.slice(from, to + 1).filter((block) => block.text !== '');
  const boxes = boxesBetween(own, start, end);
  const pages = [
    ...boxes.map((box) => box.page),
    ...own.flatMap((block) => (block.boxes || block.page === undefined ? [] : [block.page])),
  ];
  return {
    page: pages.length > 0 ? Math.min(...pages) : null,
    lastPage: pages.length > 0 ? Math.max(...pages) : null,
    boxes,
  };
}

/** Where the characters from start to end stand on the pages, a box a line; also for a quote inside a passage. */
export function boxesBetween(blocks: readonly Block[], start: number, end: number): Box[] {
  return blocks.flatMap((block) =>
    (block.boxes ?? []).flatMap((box) =>
      box.start < end && box.end > start
        ? [{ ...box, start: Math.max(box.start, start), end: Math.min(box.end, end) }]
        : [],
    ),
  );
}
