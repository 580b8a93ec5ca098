// Cuts an expression into tokens. Numbers may be written the French or the English way; what could mean two numbers
// (1,234) is refused with both readings instead of being guessed.
import { CalculatorError } from './number.ts';

export type Token =
  | { kind: 'number'; text: string; at: number }
  | { kind: 'name'; text: string; at: number }
  | { kind: 'sign'; text: string; at: number };

const MAX_LENGTH = 2000;

const signs: Record<string, string> = {
  '×': '*',
  '·': '*',
  '⋅': '*',
  '÷': '/',
  '∕': '/',
  '−': '-',
  '–': '-',
  '**': '^',
  '²': '^2',
  '³': '^3',
};

/** Blanks that part groups of three digits: blank, no-break, narrow no-break, thin. */
const GROUP = '[ \\u00a0\\u202f\\u2009]';
const grouped = new RegExp(`^\\d{1,3}(?:${GROUP}\\d{3})+(?!\\d)(?:[.,]\\d+)?`);
const written = /^(?:\d[\d.,]*|\.\d+)(?:[eE][+-]?\d+)?/;

export function readTokens(expression: string): Token[] {
  if (expression.length > MAX_LENGTH)
    throw new CalculatorError(`the expression is longer than ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  /** For each open parenthesis: whether a comma parts arguments there. */
  const commas: boolean[] = [];
  let at = 0;
  while (at < expression.length) {
    const rest = expression.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    if (/^[\d.]/.test(rest)) {
      const group = grouped.exec(rest)?.[0];
      let raw = group ?? written.exec(rest)?.[0];
      if (raw === undefined)
        throw new CalculatorError(`a number is expected at ${JSON.stringify(rest.slice(0, 10))}`);
      if (group === undefined && commas.at(-1)) raw = raw.split(',')[0] ?? raw;
      // A comma or point at the end belongs to what follows.
      raw = raw.replace(/[.,]+$/, (end) => (end === '.' ? end : ''));
      tokens.push({ kind: 'number', text: readNumber(raw), at });
      at += raw.length;
      continue;
    }
    const name = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest);
    if (name !== null) {
      tokens.push({ kind: 'name', text: name[0].toLowerCase(), at });
      at += name[0].length;
      continue;
    }
    const two = rest.slice(0, 2);
    const text = two in signs ? two : rest.charAt(0);
    const plain = signs[text] ?? text;
    if (plain === '^2' || plain === '^3') {
      tokens.push({ kind: 'sign', text: '^', at }, { kind: 'number', text: plain.slice(1), at });
    } else {
      if (!'+-*/^%()!;,'.includes(plain) || plain === '')
        throw new CalculatorError(`${JSON.stringify(text)} means nothing here`);
      if (plain === '(') commas.push(partsArguments(expression, at, tokens.at(-1)));
      if (plain === ')') commas.pop();
      tokens.push({ kind: 'sign', text: plain, at });
    }
    at += text.length;
  }
  return tokens;
}

/** Functions of one argument: a comma within is a decimal comma. */
const ONE =
  /^(sqrt|racine|cbrt|abs|floor|ceil|trunc|ln|log10|log2|exp|sin|cos|tan|asin|acos|atan|factorial|sign)$/;

/** Within the parenthesis of a function a comma parts arguments, unless `;` does so at the same depth. */
function partsArguments(expression: string, open: number, before: Token | undefined): boolean {
  if (before?.kind !== 'name' || ONE.test(before.text)) return false;
  let depth = 0;
  for (const character of expression.slice(open)) {
    if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return true;
    else if (character === ';' && depth === 1) return false;
  }
  return true;
}

/** A number as written, with a point for its decimals and nothing else. */
function readNumber(raw: string): string {
  const text = raw.replaceAll(/[ \u00a0\u202f\u2009]/g, '');
  const points = text.split('.').length - 1;
  const commas = text.split(',').length - 1;
  const mantissa = text.replace(/[eE].*$/, '');
  const isGrouped = (mark: string) =>
    new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+$`).test(mantissa.split(mark === ',' ? '.' : ',')[0] ?? '');
  if (commas === 0 && points <= 1) return text;
  if (commas === 1 && points === 0) {
    const [whole = '', part = ''] = mantissa.split(',');
    if (part.length === 3 && /^[1-9]\d{0,2}$/.test(whole) && raw === text)
      throw new CalculatorError(`${raw} can mean ${whole}${part} or ${whole}.${part}; write one of the two`);
    return text.replace(',', '.');
  }
  if (points === 1 && commas >= 1 && text.lastIndexOf('.') > text.lastIndexOf(',') && isGrouped(','))
    return text.replaceAll(',', '');
  if (commas === 1 && points >= 1 && text.lastIndexOf(',') > text.lastIndexOf('.') && isGrouped('.'))
    return text.replaceAll('.', '').replace(',', '.');
  if (commas > 1 && points === 0 && isGrouped(',')) return text.replaceAll(',', '');
  if (points > 1 && commas === 0 && isGrouped('.')) return text.replaceAll('.', '');
  throw new CalculatorError(`${raw} is no number`);
}
