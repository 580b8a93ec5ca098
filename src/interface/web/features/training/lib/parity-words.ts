// What the parity check of a file comes to, in the cases that the page has a sentence for.
import type { Parity } from '../../../../../contracts/tuned-model.ts';

export type ParityCase =
  /** In 32 bits: the engine gives the trainer's probabilities, token by token. */
  | 'same'
  /** Quantised: the same tokens, and the probabilities moved no more than quantising moves them. */
  | 'moved'
  /** The engine reads other tokens: what was learned is not what is asked. */
  | 'other_tokens'
  /** Off by more than the bound of such a file: something is wrong. */
  | 'differs';

export function parityCase({ sameIds, passed, boundOf }: Parity): ParityCase {
  if (!sameIds) return 'other_tokens';
  if (!passed) return 'differs';
  return boundOf === 'max' ? 'same' : 'moved';
}

/** 0.0004 -> "4e-4", so that a person sees how far under 1e-3 it is. */
export function powerOfTen(value: number, language: string): string {
  if (value === 0) return '0';
  if (value >= 0.01) return value.toLocaleString(language, { maximumSignificantDigits: 2 });
  const [digits, exponent] = value.toExponential(1).replace(/\.0e/, 'e').split('e');
  const shown = language === 'fr' ? digits?.replace('.', ',') : digits;
  return `${shown}e${exponent}`;
}
