// Which of the found passages are read, and how much of each: the best first, within a number of tokens. A passage that
// is too long for the room is cut to the sentences with the question's words.
import { passageText } from '../../contracts/chunk.ts';
import type { SearchHit } from '../../contracts/knowledge.ts';
import { termsOf } from '../../retrieval/index/analyse.ts';

export interface Passage {
  hit: SearchHit;
  /** What is read of it. */
  text: string;
  cut: boolean;
}

/** Characters a token, low for French in the vocabularies of small models: the number is checked before the call. */
const CHARACTERS_A_TOKEN = 3.2;
export const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);
/** A cut passage of less than this says too little. */
const LEAST_CUT = 60;

export function choosePassages(
  question: string,
  hits: readonly SearchHit[],
  options: { tokens: number; most: number },
): Passage[] {
  const chosen: Passage[] = [];
  let room = options.tokens;
  for (const hit of hits) {
    if (chosen.length >= options.most) break;
    const whole = passageText(hit);
    if (tokensOf(whole) <= room) {
      chosen.push({ hit, text: whole, cut: false });
      room -= tokensOf(whole);
    } else if (chosen.length === 0 || room >= LEAST_CUT) {
      const text = excerptOf(question, headOf(hit), hit.text, room);
      if (text === '') break;
      chosen.push({ hit, text, cut: true });
      break;
    } else break;
  }
  return chosen;
}

const headOf = (hit: SearchHit): string =>
  [hit.context, hit.header].filter((part) => part !== null && part !== '').join('\n');

/** Neighbouring sentences round the one with most of the question's words; `head` stays in front of them. */
export function excerptOf(question: string, head: string, whole: string, tokens: number): string {
  const room = Math.floor((tokens - tokensOf(head)) * CHARACTERS_A_TOKEN);
  if (room <= 0) return '';
  const sentences = sentencesOf(whole);
  const words = new Set(termsOf(question));
  const weight = sentences.map(
    (sentence) => new Set(termsOf(sentence).filter((term) => words.has(term))).size,
  );
  let from = weight.indexOf(Math.max(...weight));
  let to = from + 1;
  let length = sentences[from]?.length ?? 0;
  for (;;) {
    const before = sentences[from - 1]?.length ?? Number.POSITIVE_INFINITY;
    const after = sentences[to]?.length ?? Number.POSITIVE_INFINITY;
    const later = (weight[to] ?? -1) >= (weight[from - 1] ?? -1);
    if (later && length + after <= room) {
      length += after;
      to += 1;
    } else if (length + before <= room) {
      length += before;
      from -= 1;
    } else if (length + after <= room) {
      length += after;
      to += 1;
    } else break;
  }
  const text = sentences.slice(from, to).join('').trim().slice(0, room);
  const open = from > 0 ? '… ' : '';
  return `${head === '' ? '' : `${head}\n`}${open}${text}${to < sentences.length ? ' …' : ''}`;
}

/** With the space behind each, so that joined they are the text again. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["»”’)]*\s+|\n\s*)(?=\S)/u).filter((sentence) => sentence !== '');
}
