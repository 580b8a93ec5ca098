// The amount of a budget as a person types it: dollars with a point or a comma, or whole tokens with spaces between.
import { parseDollars, writeDollars } from '../../../lib/dollars.ts';

export type Unit = 'money' | 'tokens';

/** In nano-dollars or tokens; null when it is no amount above zero. */
export function parseAmount(text: string, unit: Unit): number | null {
  const value = unit === 'money' ? parseDollars(text) : parseTokens(text);
  return value === null || value <= 0 ? null : value;
}

export function parseTokens(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, '');
  // A comma or point between groups of three is a separator of thousands here: tokens have no fractions.
  if (!/^\d{1,3}([.,]\d{3})+$|^\d+$/.test(plain)) return null;
  const value = Number(plain.replace(/[.,]/g, ''));
  return Number.isSafeInteger(value) ? value : null;
}

export const writeAmount = (amount: number, unit: Unit, comma: boolean): string =>
  unit === 'money' ? writeDollars(amount, comma) : String(amount);
