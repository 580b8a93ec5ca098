// The smallest pieces that a passage is made of: a sentence, a line of a list or table, a heading. What is longer than a
// passage is cut between words, and only a word that is longer itself is cut inside.
import type { Block } from '../../contracts/document.ts';

export interface Unit {
  start: number;
  end: number;
  /** The block that it is of, as an index. */
  block: number;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string | null, granularity: 'sentence' | 'word'): Intl.Segmenter {
  const key = `${language}:${granularity}`;
  const kept = segmenters.get(key) ?? new Intl.Segmenter(language ?? 'en', { granularity });
  segmenters.set(key, kept);
  return kept;
}

/** Units of a block, offsets into the plain text, without the spaces between them. */
export function unitsOf(block: Block, index: number, language: string | null): Unit[] {
  if (block.text === '') return [];
  const ranges =
    block.type === 'heading'
      ? [{ start: 0, end: block.text.length }]
      : block.type === 'paragraph' || block.type === 'note'
        ? sentences(block.text, language)
        : lines(block.text);
  return ranges.map(({ start, end }) => ({
    start: start + block.start,
    end: end + block.start,
    block: index,
  }));
}

interface Range {
  start: number;
  end: number;
}

function lines(text: string): Range[] {
  return [...text.matchAll(/[^\n]*\S[^\n]*/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].trimEnd().length,
  }));
}

/** A full stop after these ends no sentence. */
const abbreviation =
  /(?:^|[\s(«"])(?:M|MM|Mme|Mlle|Me|Dr|Pr|St|Ste|art|al|cf|ex|env|etc|fig|n|no|p|pp|vol|éd|chap|tél|Mr|Mrs|Ms|vs|e\.g|i\.e|\p{Lu})\.\s*$/u;

function sentences(text: string, language: string | null): Range[] {
  const ranges: Range[] = [];
  let open = false;
  for (const { segment, index } of segmenter(language, 'sentence').segment(text)) {
    const length = segment.trimEnd().length;
    if (length === 0) continue;
    const start = index + (segment.length - segment.trimStart().length);
    const last = ranges.at(-1);
    if (open && last) last.end = index + length;
    else ranges.push({ start, end: index + length });
    open = abbreviation.test(segment);
  }
  return ranges;
}

/**
 * Cuts a unit into about equal parts between words.
 * @param parts how many, at least 2
 */
export function cutUnit(unit: Unit, parts: number, text: string, language: string | null): Unit[] {
  const own = text.slice(unit.start, unit.end);
  const size = own.length / parts;
  const cuts: number[] = [];
  let wanted = size;
  for (const { index, isWordLike } of segmenter(language, 'word').segment(own)) {
    if (index === 0 || index < wanted || !(isWordLike ?? true)) continue;
    cuts.push(index);
    while (wanted <= index) wanted += size;
  }
  // One endless word (a key, an encoded picture) has no place between words.
  if (cuts.length === 0) for (let i = 1; i < parts; i++) cuts.push(wholeCharacter(own, Math.floor(i * size)));
  const bounds = [0, ...cuts, own.length];
  return bounds.slice(1).flatMap((end, index) => {
    const start = bounds[index] ?? 0;
    const piece = own.slice(start, end);
    const trimmed = piece.trim();
    if (trimmed === '') return [];
    const from = unit.start + start + (piece.length - piece.trimStart().length);
    return [{ ...unit, start: from, end: from + trimmed.length }];
  });
}

function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
