// Cuts an answer that grows into blocks that no longer change and one that does, so that a token costs the last block only.
// Code fences come out whole and unparsed; all other blocks are Markdown texts that may be rendered on their own.

export type AnswerPiece =
  | { kind: 'markdown'; text: string; open: boolean }
  | { kind: 'code'; language: string; text: string; open: boolean };

/** A list longer than this is cut between its items, or each token would parse all of it again. */
const LONG_LIST = 3_000;

const fenceStart = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\n]*)$/;
const listMarker = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const definition = /^ {0,3}\[\^?[^\]\n]+\]:/m;

/**
 * A splitter for one answer. It remembers what it cut: when the next text begins with the last one,
 * only the last piece is read again, and all pieces before it are the same objects.
 */
export function createBlockSplitter(): (text: string, finished: boolean) => readonly AnswerPiece[] {
  let done: AnswerPiece[] = [];
  /** Where the pieces of `done` end. */
  let from = 0;
  let last = '';
  let result: readonly AnswerPiece[] = [];
  let wasFinished = false;

  return (text, finished) => {
    if (text === last && finished === wasFinished) return result;
    if (!text.startsWith(last)) {
      done = [];
      from = 0;
    }
    last = text;
    wasFinished = finished;
    const { pieces, settled } = scan(text, from, finished);
    // Links and notes that are defined elsewhere in the answer need all of it at once; that can wait for its end.
    if (finished && definition.test(text)) {
      const prose = [...done, ...pieces].filter((piece) => piece.kind === 'markdown');
      if (prose.some((piece) => definition.test(piece.text))) {
        result = [{ kind: 'markdown', text, open: false }];
        return result;
      }
    }
    result = [...done, ...pieces];
    const kept = pieces.filter((piece) => !piece.open);
    if (kept.length > 0 && kept.length < pieces.length) {
      done = [...done, ...kept];
      from = settled;
    }
    return result;
  };
}

/** Pieces of `text` from offset `from`; `settled` is where the last closed piece ends. */
function scan(text: string, from: number, finished: boolean): { pieces: AnswerPiece[]; settled: number } {
  const pieces: AnswerPiece[] = [];
  let settled = from;
  let start = from;
  let at = from;
  let blank = false;
  let isList = false;
  let math = false;

  function flush(end: number): void {
    const body = text.slice(start, end);
    if (body.trim() !== '')
      pieces.push({ kind: 'markdown', text: body.replace(/^\n+|\s+$/g, ''), open: false });
    start = end;
    settled = end;
    isList = false;
  }

  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(at, newline === -1 ? end : newline);
    const fence = math ? null : fenceStart.exec(line);
    if (fence && isFence(fence) && !(isList && fence[1] !== '')) {
      flush(at);
      const close = findClose(text, end, fence[2] ?? '```');
      // A fence whose first line is still being written has no language yet.
      const language = newline === -1 && !finished ? '' : ((fence[3] ?? '').trim().split(/\s+/)[0] ?? '');
      const code = text.slice(end, close ? close.bodyEnd : text.length).replace(/\n$/, '');
      const whole = close !== null || finished;
      pieces.push({ kind: 'code', language, text: code, open: !whole });
      if (!close) return { pieces, settled };
      at = close.end;
      start = at;
      settled = at;
      blank = false;
      continue;
    }
    if (line.trim() === '') {
      if (!math) blank = true;
    } else {
      const marker = listMarker.test(line);
      const outer = !/^(?: {2}|\t)/.test(line);
      if (!math && outer && at > start) {
        const longList = isList && marker && at - start > LONG_LIST;
        if (longList || (blank && !(isList && marker))) flush(at);
      }
      if (at === start || text.slice(start, at).trim() === '') isList = marker;
      if (outer && /^\$\$/.test(line)) {
        const oneLine = line.trim().length > 4 && line.trim().endsWith('$$');
        if (!oneLine) math = !math;
      } else if (math && line.trimEnd().endsWith('$$')) math = false;
      blank = false;
    }
    at = end;
  }
  const before = settled;
  if (start < text.length) {
    flush(text.length);
    const tail = pieces.at(-1);
    if (!finished && tail && settled > before && tail.kind === 'markdown') {
      pieces[pieces.length - 1] = { ...tail, open: true };
      settled = before;
    }
  }
  return { pieces, settled };
}

/** A fence of backticks may not have backticks after it on its line (it would be inline code). */
function isFence(match: RegExpExecArray): boolean {
  return !(match[2]?.startsWith('`') && match[3]?.includes('`'));
}

function findClose(text: string, from: number, fence: string): { bodyEnd: number; end: number } | null {
  const mark = fence[0] === '~' ? '~' : '`';
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(at, newline === -1 ? end : newline);
    const body = line.trim();
    if (
      body.length >= fence.length &&
      !/^ {4}|^\t/.test(line) &&
      body.split('').every((character) => character === mark)
    )
      return { bodyEnd: at, end };
    at = end;
  }
  return null;
}
