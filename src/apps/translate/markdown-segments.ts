// A Markdown or plain text as segments to translate and pieces that stay as they are: fences, tables' rules, marks before
// a line, blank lines. Joined again they are the text, but for the wrapping of lines inside a paragraph.

export type Segment = { type: 'keep'; text: string } | { type: 'translate'; text: string };

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
/** Quote marks, a list's mark with its box, a heading's mark. */
const PREFIX = /^(\s*(?:>[ \t]?)*\s*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?(?:#{1,6}[ \t]+)?)/;
const DEFINITION = /^\s{0,3}\[[^\]]+\]:\s+\S/;
const LETTER = /\p{L}/u;
const LONGEST = 500;

interface Line {
  prefix: string;
  body: string;
  /** Blanks and hard breaks at the end, with the line break. */
  suffix: string;
}

export function markdownSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  const keep = (piece: string) => {
    const last = segments.at(-1);
    if (last?.type === 'keep') last.text += piece;
    else if (piece !== '') segments.push({ type: 'keep', text: piece });
  };
  const open: { line: Line | null } = { line: null };
  const flush = () => {
    const { line } = open;
    if (line === null) return;
    open.line = null;
    keep(line.prefix);
    for (const piece of sentenceGroups(line.body)) translateOrKeep(piece, segments, keep);
    keep(line.suffix);
  };

  let fence: string | null = null;
  let isFrontMatter = false;
  let wasBlank = true;
  let inList = false;
  for (const [index, line] of linesOf(text).entries()) {
    const bare = line.trimEnd();
    if (
      isFrontMatter ||
      (index === 0 && bare === '---' && /^---[ \t]*\r?\n[\w-]+:[\s\S]*?\n---[ \t]*(\r?\n|$)/.test(text))
    ) {
      isFrontMatter = index === 0 || bare !== '---';
      keep(line);
      continue;
    }
    const mark: string | undefined = FENCE.exec(bare)?.[1];
    if (fence !== null || mark !== undefined) {
      flush();
      keep(line);
      if (fence === null) fence = mark ?? null;
      else if (mark?.startsWith(fence) && bare.trim() === mark) fence = null;
      continue;
    }
    const isIndentedCode: boolean = wasBlank && !inList && /^(?: {4}|\t)\S/.test(line);
    const isCodeGoingOn: boolean = !wasBlank && open.line === null && /^(?: {4}|\t)\S/.test(line);
    const isBlank = bare.trim() === '';
    if (isBlank || !LETTER.test(bare) || DEFINITION.test(bare) || isIndentedCode || isCodeGoingOn) {
      flush();
      keep(line);
      wasBlank = isBlank;
      continue;
    }
    wasBlank = false;
    if (/^\s*\|/.test(bare)) {
      flush();
      for (const cell of line.split(/((?<!\\)\|)/)) {
        const [before = '', middle = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(cell)?.slice(1) ?? [];
        keep(before);
        translateOrKeep(middle, segments, keep);
        keep(after);
      }
      continue;
    }
    const here = lineOf(line);
    inList = /[-*+]|\d[.)]/.test(here.prefix) || (inList && /^\s/.test(line));
    const before = open.line;
    if (before !== null && goesOn(before, here)) {
      open.line = { prefix: before.prefix, body: `${before.body} ${here.body}`, suffix: here.suffix };
      continue;
    }
    flush();
    open.line = here;
  }
  flush();
  return segments;
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function lineOf(line: string): Line {
  const prefix = PREFIX.exec(line)?.[1] ?? '';
  const rest = line.slice(prefix.length);
  const suffix = /(?:\\(?=\r?\n))?\s*$/.exec(rest)?.[0] ?? '';
  return { prefix, body: rest.slice(0, rest.length - suffix.length), suffix };
}

/** A wrapped line belongs to the one before: no mark of its own, no hard break, and in the middle of a sentence. */
function goesOn(before: Line, line: Line): boolean {
  if (line.prefix.trim() !== '' || /#/.test(before.prefix)) return false;
  if (/ {2,}\r?\n$|\\\r?\n$/.test(before.suffix)) return false;
  return /^\p{Ll}/u.test(line.body) || before.body.length > 60;
}

function translateOrKeep(piece: string, segments: Segment[], keep: (text: string) => void): void {
  if (!LETTER.test(piece)) keep(piece);
  else segments.push({ type: 'translate', text: piece });
}

const sentences = new Intl.Segmenter('fr', { granularity: 'sentence' });

/** A long paragraph in groups of sentences, with the blanks between them as pieces of their own. */
function sentenceGroups(body: string): string[] {
  if (body.length <= LONGEST) return [body];
  const groups: string[] = [];
  let group = '';
  for (const { segment } of sentences.segment(body)) {
    if (group !== '' && group.length + segment.length > LONGEST) {
      groups.push(group);
      group = '';
    }
    group += segment;
  }
  groups.push(group);
  return groups.flatMap((text) => {
    const end = text.trimEnd();
    return end.length === text.length ? [text] : [end, text.slice(end.length)];
  });
}
