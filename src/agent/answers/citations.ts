// Checks the citations of an answer while it streams: a mark that names no source is taken out, other ways to write a
// mark become [1], and a sentence that stands word for word in a passage gets the mark that it lacks.

export interface CitationCheck {
  /** What may be shown of the answer now. */
  push(delta: string): string;
  end(): string;
  /** Marks that were taken out, as the model wrote them. */
  removed(): string[];
  /** Numbers that the answer cites. */
  cited(): ReadonlySet<number>;
}

const mark = /^(\s*)[[【]([^\]】\n]{0,40})[\]】]/;
const openMark = /^\s*[[【][^\]】\n]{0,40}$/;
const numbers =
  /^(?:(?:source|passage|document|extrait|doc|ref|n°|no\.?|#)s?\s*)?(\d{1,3}(?:\s*(?:,|;|&|et|and|-)\s*\d{1,3})*)$/i;
const ending = /^[.!?…]+["»”’)*]*/;
const word = /^[^\s[【.!?…]+|^[[【]/;
/** A shorter text occurs by chance. */
const LEAST_CHARACTERS = 24;

const plain = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[*_`"“”«»]/g, '')
    .replace(/[’]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** `passages`: the texts that were read; the first has the number 1. */
export function createCitationCheck(passages: readonly string[]): CitationCheck {
  const sources = passages.map(plain);
  const removed: string[] = [];
  const cited = new Set<number>();
  let held = '';
  let sentence = '';
  let marked = false;
  let ended = false;

  /** The passage that has the sentence word for word; a short one only when no other has it. */
  function sourceOf(text: string): number | null {
    const wanted = plain(text).replace(/[.!?…\s]+$/, '');
    if (wanted === '') return null;
    const having = sources.flatMap((source, index) => (has(source, wanted) ? [index + 1] : []));
    const [first] = having;
    if (first === undefined) return null;
    return wanted.length >= LEAST_CHARACTERS || (having.length === 1 && /[\p{L}\p{N}]{2}/u.test(wanted))
      ? first
      : null;
  }

  function closeSentence(): string {
    const number = marked ? null : sourceOf(sentence);
    sentence = '';
    marked = false;
    ended = false;
    if (number === null) return '';
    cited.add(number);
    return ` [${number}]`;
  }

  function takeMark(space: string, inside: string): string {
    const found = numbers.exec(inside.trim());
    if (found === null) {
      sentence += `${space}[${inside}]`;
      return `${space}[${inside}]`;
    }
    const named = [...new Set((found[1] ?? '').match(/\d+/g)?.map(Number))];
    const known = named.filter((number) => number >= 1 && number <= passages.length);
    const unknown = named.filter((number) => !known.includes(number));
    if (unknown.length > 0) removed.push(...unknown.map((number) => `[${number}]`));
    if (known.length === 0) return '';
    for (const number of known) cited.add(number);
    marked = true;
    return `${space}${known.map((number) => `[${number}]`).join('')}`;
  }

  function work(final: boolean): string {
    let out = '';
    while (held !== '') {
      const citation = mark.exec(held);
      if (citation !== null) {
        held = held.slice(citation[0].length);
        out += takeMark(citation[1] ?? '', citation[2] ?? '');
        continue;
      }
      if (!final && (openMark.test(held) || /^\s+$/.test(held))) break;
      const space = /^\s+/.exec(held)?.[0];
      if (space !== undefined) {
        if (ended || space.includes('\n')) out += closeSentence();
        else sentence += space;
        out += space;
        held = held.slice(space.length);
        continue;
      }
      const end = ending.exec(held)?.[0];
      if (end !== undefined) {
        if (!final && end.length === held.length) break;
        held = held.slice(end.length);
        sentence += end;
        ended = held === '' || /^[\s[【]/.test(held);
        out += end;
        continue;
      }
      const run = word.exec(held)?.[0] ?? held.charAt(0);
      held = held.slice(run.length);
      sentence += run;
      out += run;
    }
    return out;
  }

  return {
    push(delta) {
      held += delta;
      return work(false);
    },
    end: () => work(true) + closeSentence(),
    removed: () => [...new Set(removed)],
    cited: () => cited,
  };
}

/** As whole words. */
function has(source: string, wanted: string): boolean {
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) {
    const before = source[at - 1] ?? ' ';
    const after = source[at + wanted.length] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
