// What a comparison comes to: on how many examples the new one is better, and whether that may be chance.
import type { Comparison } from '../../../../../contracts/evaluation.ts';

export interface Verdict {
  /** better and worse: the whole interval lies on one side of nothing. */
  kind: 'better' | 'worse' | 'open';
  better: number;
  worse: number;
  total: number;
  low: number;
  high: number;
}

export function verdictOf({ better, worse, equal, difference }: Comparison): Verdict {
  const { low, high } = difference;
  return {
    kind: low > 0 ? 'better' : high < 0 ? 'worse' : 'open',
    better,
    worse,
    total: better + worse + equal,
    low,
    high,
  };
}

/** A difference of scores as each language writes it: "+.18" and "−.03", « +0,18 » and « −0,03 ». */
export function signed(value: number, language: string): string {
  const size = Math.abs(value).toLocaleString(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const shown = language.startsWith('en') ? size.replace(/^0(?=\.)/, '') : size;
  return `${value < 0 && !/^[0.,]*$/.test(size) ? '\u2212' : '+'}${shown}`;
}

/** "= 0.49", and "< 0.001" where it would be written as nothing. */
export function chance(p: number, language: string): string {
  const least = 0.001;
  const text = (value: number) =>
    value.toLocaleString(language, { maximumSignificantDigits: value < 0.1 ? 1 : 2 });
  return p < least ? `<\u00a0${text(least)}` : `=\u00a0${text(p)}`;
}
