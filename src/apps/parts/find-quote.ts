// Where a quote stands in a text. What is returned is always a substring of the text: the model's words only find it.
// First as it is; then by its words, whatever case, accents, blanks and signs; then by words that are nearly the same.

export interface Place {
  start: number;
  end: number;
}

interface Word extends Place {
  folded: string;
}

const fold = (text: string) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replaceAll('æ', 'ae');

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    folded: fold(match[0]),
  }));
}

/** Share of the letters that may differ in a quote that is found by likeness. */
const DIFFERENT = 0.15;
const SHORTEST_LIKE = 8;

/** Every place of a quote as it is, or where its words stand; in order. */
export function findAll(text: string, quote: string): Place[] {
  const wanted = quote.trim();
  if (wanted === '') return [];
  const places: Place[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const place = { start: at, end: at + wanted.length };
    if (isWhole(text, place)) places.push(place);
  }
  return places.length > 0 ? places : byWords(text, wanted);
}

/** The first place, also of a quote that is only nearly right; null when there is none. */
export function findQuote(text: string, quote: string): Place | null {
  return findAll(text, quote)[0] ?? byLikeness(text, quote.trim());
}

/** Not a piece of a longer word or number. */
function isWhole(text: string, { start, end }: Place): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  const first = text[start] ?? '';
  const last = text[end - 1] ?? '';
  if (/[\p{L}\p{N}]/u.test(first) && /[\p{L}\p{N}]$/u.test(before)) return false;
  if (/[\p{L}\p{N}]/u.test(last) && /^[\p{L}\p{N}]/u.test(after)) return false;
  if (/\d/.test(first) && /\d[.,]$/.test(before)) return false;
  return !(/\d/.test(last) && /^[.,]\d/.test(after));
}

function byWords(text: string, quote: string): Place[] {
  const words = wordsOf(text);
  const wanted = wordsOf(quote);
  const places: Place[] = [];
  if (wanted.length === 0) return places;
  for (let at = 0; at + wanted.length <= words.length; at++) {
    if (!wanted.every((word, index) => words[at + index]?.folded === word.folded)) continue;
    places.push(closed(text, quote, words[at], words[at + wanted.length - 1]));
    at += wanted.length - 1;
  }
  return places;
}

/** From the first to the last word, with the signs that the quote begins or ends with where they stand there. */
function closed(text: string, quote: string, first: Word | undefined, last: Word | undefined): Place {
  const place = { start: first?.start ?? 0, end: last?.end ?? 0 };
  const head = /^[^\p{L}\p{N}]*/u.exec(quote)?.[0] ?? '';
  const tail = /[^\p{L}\p{N}]*$/u.exec(quote)?.[0] ?? '';
  for (const sign of [...head].reverse()) {
    if (text[place.start - 1] !== sign) break;
    place.start--;
  }
  for (const sign of tail) {
    if (text[place.end] !== sign) break;
    place.end++;
  }
  return place;
}

function byLikeness(text: string, quote: string): Place | null {
  const wanted = wordsOf(quote);
  const letters = wanted.map(({ folded }) => folded).join(' ');
  if (letters.length < SHORTEST_LIKE) return null;
  const words = wordsOf(text);
  const vocabulary = new Set(wanted.map(({ folded }) => folded));
  let best: (Place & { distance: number }) | null = null;
  const most = Math.floor(letters.length * DIFFERENT);
  for (let at = 0; at < words.length; at++) {
    for (const length of [wanted.length, wanted.length - 1, wanted.length + 1]) {
      const window = words.slice(at, at + length);
      if (length < 1 || window.length < length) continue;
      // Without a word in common it is not worth measuring.
      if (wanted.length > 2 && !window.some(({ folded }) => vocabulary.has(folded))) continue;
      const distance = editDistance(
        letters,
        window.map(({ folded }) => folded).join(' '),
        best?.distance ?? most + 1,
      );
      if (distance > most || (best !== null && distance >= best.distance)) continue;
      best = { ...closed(text, quote, window[0], window.at(-1)), distance };
    }
  }
  return best === null ? null : { start: best.start, end: best.end };
}

/** Levenshtein's, given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    row = next;
  }
  return row[b.length] ?? limit;
}
