// The answer is the wanted one, whatever its blanks and, unless they matter, its capitals.
import type { Judged } from './judged.ts';

/** Composed letters, single blanks, none at the ends. */
export function normalised(text: string, ignoreCase: boolean): string {
  const plain = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return ignoreCase ? plain.toLowerCase() : plain;
}

export function judgeExact(output: string, expected: string, ignoreCase: boolean): Judged {
  const same = normalised(output, ignoreCase) === normalised(expected, ignoreCase);
  return { score: same ? 1 : 0, detail: {} };
}
