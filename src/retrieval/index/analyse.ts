// Text as the lexical index sees it: words without elisions and stop words, stemmed and without accents. One scheme for
// every language, so that a question need not say which it is in: Snowball's French stem of the word as it is written,
// its accents folded, then Snowball's English stem of that. On the sets of the retrieval bench this is as good as the
// stemmer of the text's own language (docs/log.md). A term is kept as a number, its hash.
import { newStemmer } from 'snowball-stemmers';
import { foldedWords } from '../../lib/fold-text.ts';
import { stopWords } from './stop-words.ts';

/** Longer words are encoded data, and a stemmer takes no delight in them. */
const LONGEST_STEMMED = 40;
const KEPT_TERMS = 100_000;

const french = newStemmer('french');
const english = newStemmer('english');
/** Terms of words that were seen: text repeats itself, and stemming is slow. */
const known = new Map<string, readonly number[]>();

/** The terms of a text in order, with repetitions. */
export function termsOf(text: string): number[] {
  const terms: number[] = [];
  for (const word of text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    let found = known.get(word);
    if (found === undefined) {
      found = termsOfWord(word);
      if (known.size >= KEPT_TERMS) known.clear();
      known.set(word, found);
    }
    terms.push(...found);
  }
  return terms;
}

/** None for a stop word; several where folding takes a word apart. */
function termsOfWord(word: string): number[] {
  const folded = foldedWords(word);
  if (folded.every((part) => stopWords.has(part))) return [];
  if (word.length > LONGEST_STEMMED) return folded.map(hashOf);
  return foldedWords(french.stem(word)).map((stem) => hashOf(english.stem(stem)));
}

/** FNV-1a with murmur's last mixing, as a signed 32-bit integer. */
export function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
