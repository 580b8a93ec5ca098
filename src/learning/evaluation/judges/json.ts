// JSON beside JSON: the share of the wanted fields that are equal, numbers and dates compared as such.
import { normalised } from './exact.ts';
import type { Judged } from './judged.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Models put their JSON in a fence when nobody forbids it. */
const fence = /^\s*```[a-z]*\s*\n([\s\S]*?)\n?\s*```\s*$/i;

export function readJson(text: string): { value: unknown; fenced: boolean } | { problem: string } {
  const inside = fence.exec(text)?.[1];
  try {
    return { value: JSON.parse(inside ?? text), fenced: inside !== undefined };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** `fields`: of the wanted object; empty: all that it has. */
export function judgeJson(output: string, expected: string, fields: readonly string[]): Judged {
  const wanted = readJson(expected);
  if ('problem' in wanted)
    return { score: 0, detail: { broken: true, problem: `The wanted answer: ${wanted.problem}` } };
  const given = readJson(output);
  if ('problem' in given) return { score: 0, detail: { broken: true, problem: given.problem } };
  const fenced = given.fenced ? { fenced: true } : {};
  if (!isObject(wanted.value)) return { score: sameValue(given.value, wanted.value) ? 1 : 0, detail: fenced };
  if (!isObject(given.value)) return { score: 0, detail: { ...fenced, problem: 'The answer is no object.' } };
  const { value: found } = given;
  const { value: gold } = wanted;
  const names = fields.length > 0 ? fields : Object.keys(gold);
  const own = (object: Record<string, unknown>, name: string) =>
    Object.hasOwn(object, name) ? object[name] : undefined;
  const differ = names.filter((name) => !sameValue(own(found, name), own(gold, name)));
  const extra = Object.keys(found).filter((name) => !Object.hasOwn(gold, name));
  return {
    score: names.length === 0 ? 1 : (names.length - differ.length) / names.length,
    detail: { ...fenced, differ, ...(extra.length > 0 ? { extra } : {}) },
  };
}

/** What is absent and what is null say the same. */
function sameValue(given: unknown, wanted: unknown): boolean {
  const [a, b] = [given ?? null, wanted ?? null];
  if (a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameValue(item, b[index]))
    );
  if (isObject(a) || isObject(b)) {
    if (!isObject(a) || !isObject(b)) return false;
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameValue(a[key], b[key]));
  }
  // First, because 11.1.2026 and 1.11.2026 have the same digits.
  const [from, to] = [dateOf(a), dateOf(b)];
  if (from !== null && to !== null) return from === to;
  const numbers = numbersOf(b);
  if (numbersOf(a).some((number) => numbers.includes(number))) return true;
  return normalised(String(a), true) === normalised(String(b), true);
}

/** Of which every one is kept by a number of 64 bits. */
const MOST_DIGITS = 15;
/** 1.234.567, and with the other mark before the fraction; 12,34,567 as in India. */
const inThousands = /^[+-]?\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}(?:(?!\1)[.,]\d*)?$/;

/**
 * What an amount may mean: 1,234.50 and 1 234,50 € are one number; 1,234 may be two, and either will do. A text that only
 * begins with a number is none, nor is one with marks elsewhere than behind thousands (a version, an address), nor one of
 * more digits than a number holds (an account).
 */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'string') return [];
  const plain = value.replace(/[\s\u00a0\u202f']/g, '').replace(/^[$€£]|[$€£%]$/g, '');
  if (!/^[+-]?\d[\d.,]*$/.test(plain) || plain.replace(/\D/g, '').length > MOST_DIGITS) return [];
  const marks = plain.match(/[.,]/g) ?? [];
  const whole = Number(plain.replace(/[.,]/g, ''));
  const last = Math.max(plain.lastIndexOf(','), plain.lastIndexOf('.'));
  const parted = Number(`${plain.slice(0, last).replace(/[.,]/g, '')}.${plain.slice(last + 1)}`);
  if (marks.length === 0) return [whole];
  if (marks.length > 1 && !inThousands.test(plain)) return [];
  if (marks.length > 1) return [new Set(marks).size === 1 ? whole : parted];
  return /[.,]\d{3}$/.test(plain) ? [whole, parted] : [parted];
}

/** 2026-03-01, 2026/3/1 and 01/03/2026 (the day first where it can only be that, or where the year is last). */
function dateOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/.exec(text);
  const dayFirst = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : dayFirst
      ? [dayFirst[3], dayFirst[2], dayFirst[1]]
      : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  // Month and day are told apart by size where the writer put the month first.
  const [m, d] = Number(month) > 12 ? [day, month] : [month, day];
  return Number(m) > 12 ? null : `${year}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
}
