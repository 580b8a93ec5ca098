// Names of people in a text: a rule says where one may stand, and somebody who reads says of each whether it is one. Every
// place of a name is marked, also of a part of it, as the family name alone.
import type { Found } from '../rules/rule.ts';
import { type Candidate, nameCandidates } from './candidates.ts';

/** How likely the words are the name of a person in this text, from 0 to 1. */
export type JudgeName = (text: string, words: string) => Promise<number>;

/** A longer text is shown around the words only: a model reads a few hundred words in about a second. */
const WINDOW = 800;

function around(text: string, { places }: Candidate): string {
  if (text.length <= WINDOW) return text;
  const [first = { start: 0, end: 0 }] = places;
  const from = Math.max(0, first.start - WINDOW / 2);
  return text.slice(from, from + WINDOW);
}

/** @param from the least likelihood with which words are a name */
export async function findNames(text: string, judge: JudgeName, from: number): Promise<Found[]> {
  const candidates = nameCandidates(text);
  const names: Candidate[] = [];
  const parts = new Set<string>();
  // Longer ones first: of "Marie Curie" follows what "Curie" is.
  for (const candidate of candidates.toSorted((a, b) => b.text.length - a.text.length)) {
    const known = candidate.titled || parts.has(candidate.text);
    if (!known && (await judge(around(text, candidate), candidate.text)) < from) continue;
    names.push(candidate);
    for (const part of candidate.text.split(/[ \u00a0\u202f]/)) parts.add(part);
  }
  return names
    .flatMap(({ text: name, places }) =>
      places.map(({ start, end }) => ({ type: 'person', start, end, text: name, certain: false })),
    )
    .sort((a, b) => a.start - b.start);
}
