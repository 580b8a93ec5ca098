// The figures of a text that stand in none of the texts it was written from: a small model that has just read 1533.33
// may write 1277. Only code can see that, and it can: a figure is there, rounded perhaps, or it is not.

import { type Notice, noticeOf } from '../contracts/notice.ts';

/** A number as it is written, its digits grouped or not; not a piece of a word, a name, a colour or a version. */
const WRITTEN =
  /(?<![\p{L}\d_#.,/@])(?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)(?![\p{L}_@]|[.,]\d)/gu;
/** Shorter ones are counts, numbers of lists and days, and stand for too many things. */
const LEAST_DIGITS = 3;

interface Reading {
  value: number;
  /** What the last written place is worth: 1 for 1533, 0.01 for 1533,33, 100 for 1500. */
  unit: number;
}

export interface KnownFigures {
  add(text: string): void;
  /** Those of the text that are not known, as they are written, each once. */
  unknownIn(text: string): string[];
  /** Whether any text so far held a figure. */
  readonly some: boolean;
}

export function createKnownFigures(): KnownFigures {
  const known = new Set<number>();
  const isKnown = ({ value, unit }: Reading): boolean => {
    if (known.has(value)) return true;
    // A share may be said in percent.
    for (const other of known)
      for (const exact of [other, other * 100])
        if (Math.abs(exact - value) < unit && (exact % 1 !== 0 || unit > 1)) return true;
    return false;
  };
  return {
    add(text) {
      for (const raw of text.match(WRITTEN) ?? [])
        for (const part of [raw, ...raw.split(/[ \u00a0\u202f\u2009]/)])
          for (const { value } of readings(part)) known.add(value);
    },
    unknownIn(text) {
      const unknown = (text.match(WRITTEN) ?? []).filter((raw) => {
        const long = (part: string) => part.replace(/\D/g, '').length >= LEAST_DIGITS;
        if (!long(raw) || readings(raw).some(isKnown)) return false;
        // Two numbers may stand side by side.
        const parts = raw.split(/[ \u00a0\u202f\u2009]/);
        return parts.length === 1 || !parts.every((part) => readings(part).some(isKnown));
      });
      return [...new Set(unknown)];
    },
    get some() {
      return known.size > 0;
    },
  };
}

/** What a number may mean: 1,277 is one thing in English and another in French. */
function readings(raw: string): Reading[] {
  const text = raw.replaceAll(/[ \u00a0\u202f\u2009]/g, '');
  const plain = new Set<string>();
  if (/^\d+$/.test(text)) plain.add(text);
  else if (/^\d+[.,]\d+$/.test(text)) {
    plain.add(text.replace(',', '.'));
    if (/^\d{1,3}[.,]\d{3}$/.test(text)) plain.add(text.replace(/[.,]/, ''));
  } else {
    const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
    const one = new Set(text.match(/[.,]/g)).size === 1;
    plain.add(
      one
        ? text.replaceAll(/[.,]/g, '')
        : `${text.slice(0, last).replaceAll(/[.,]/g, '')}.${text.slice(last + 1)}`,
    );
  }
  return [...plain].map((number) => ({ value: Number(number), unit: unitOf(number) }));
}

function unitOf(number: string): number {
  const point = number.indexOf('.');
  if (point >= 0) return 10 ** -(number.length - point - 1);
  const zeros = /0+$/.exec(number)?.[0].length ?? 0;
  // Two digits must be left: 1500 may round 1533, and 2000 is another number.
  return number.length - zeros < 2 || zeros === 0 ? 1 : 10 ** zeros / 2;
}

export const figuresNotice = (figures: readonly string[]): Notice =>
  noticeOf(
    'figures_unknown',
    `${figures.join(', ')}: this stands neither in the question nor in anything that was read. Check it before you rely on it.`,
    { figures: figures.join(', '), count: figures.length },
  );
