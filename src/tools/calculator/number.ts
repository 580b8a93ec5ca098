// A number of the calculator: an exact fraction as long as that is possible, a decimal of 50 digits where it is not.
import { Decimal } from 'decimal.js';

/** Exact: `n / d` in lowest terms, d > 0. Otherwise `x`. */
export type Num = { exact: true; n: bigint; d: bigint } | { exact: false; x: Decimal };

export const Big = Decimal.clone({
  precision: 50,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -12,
  toExpPos: 40,
});

/** Above this many bits a number is no longer an answer that anybody reads. */
const MAX_BITS = 40_000;

export class CalculatorError extends Error {
  override readonly name = 'CalculatorError';
}

const abs = (value: bigint) => (value < 0n ? -value : value);

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [abs(a), abs(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

const bits = (value: bigint) => abs(value).toString(16).length * 4;

export function fraction(n: bigint, d = 1n): Num {
  if (d === 0n) throw new CalculatorError('division by zero');
  if (bits(n) > MAX_BITS || bits(d) > MAX_BITS) throw new CalculatorError('the number becomes too large');
  const divisor = gcd(n, d) || 1n;
  const sign = d < 0n ? -1n : 1n;
  return { exact: true, n: (sign * n) / divisor, d: (sign * d) / divisor };
}

export function approximate(x: Decimal): Num {
  if (x.isNaN()) throw new CalculatorError('the result is no real number');
  if (!x.isFinite()) throw new CalculatorError('the number becomes too large');
  return { exact: false, x };
}

export const toDecimal = (value: Num): Decimal =>
  value.exact ? new Big(value.n.toString()).div(value.d.toString()) : value.x;

export const sign = (value: Num) =>
  value.exact ? (value.n > 0n ? 1 : value.n < 0n ? -1 : 0) : value.x.cmp(0);

/** `1.25` or `1e-3` as written with a point. */
export function parseNumber(text: string): Num {
  const match = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) throw new CalculatorError(`${text} is no number`);
  const [, whole = '', part = '', exponent = '0'] = match;
  const shift = Number(exponent) - part.length;
  if (Math.abs(shift) > 10_000) throw new CalculatorError('the number becomes too large');
  const digits = BigInt(`${whole}${part}` || '0');
  return shift >= 0 ? fraction(digits * 10n ** BigInt(shift)) : fraction(digits, 10n ** BigInt(-shift));
}

export const add = (a: Num, b: Num): Num =>
  a.exact && b.exact
    ? fraction(a.n * b.d + b.n * a.d, a.d * b.d)
    : approximate(toDecimal(a).plus(toDecimal(b)));
export const negate = (a: Num): Num => (a.exact ? fraction(-a.n, a.d) : approximate(a.x.neg()));
export const subtract = (a: Num, b: Num): Num => add(a, negate(b));
export const multiply = (a: Num, b: Num): Num =>
  a.exact && b.exact ? fraction(a.n * b.n, a.d * b.d) : approximate(toDecimal(a).times(toDecimal(b)));
export function divide(a: Num, b: Num): Num {
  if (sign(b) === 0) throw new CalculatorError('division by zero');
  return a.exact && b.exact ? fraction(a.n * b.d, a.d * b.n) : approximate(toDecimal(a).div(toDecimal(b)));
}

export const compare = (a: Num, b: Num) => sign(subtract(a, b));

export function floor(a: Num): Num {
  if (!a.exact) return approximate(a.x.floor());
  const whole = a.n / a.d;
  return fraction(a.n < 0n && a.n % a.d !== 0n ? whole - 1n : whole);
}

/** The remainder has the sign of the divisor, as in mathematics. */
export const modulo = (a: Num, b: Num): Num => subtract(a, multiply(b, floor(divide(a, b))));

export function power(a: Num, b: Num): Num {
  if (a.exact && b.exact && b.d === 1n) {
    if (sign(a) === 0 && b.n < 0n) throw new CalculatorError('division by zero');
    const size = abs(b.n);
    const one = a.d === 1n && abs(a.n) <= 1n;
    if (!one && BigInt(Math.max(bits(a.n), bits(a.d))) * size > BigInt(MAX_BITS * 4)) {
      const rough = toDecimal(a).pow(b.n.toString());
      return approximate(rough);
    }
    const exponent = one ? size % 2n : size;
    const raised = fraction(a.n ** exponent, a.d ** exponent);
    return b.n < 0n ? divide(fraction(1n), raised) : b.n === 0n ? fraction(1n) : raised;
  }
  // 4 ^ 0.5 and 8 ^ (1/3) have exact answers.
  if (a.exact && b.exact && b.n === 1n && b.d <= 64n) return root(a, Number(b.d));
  return approximate(toDecimal(a).pow(toDecimal(b)));
}

/** The `degree`-th root: exact where there is one, the real one for odd degrees of negative numbers. */
export function root(a: Num, degree: number): Num {
  if (sign(a) < 0 && degree % 2 === 0)
    throw new CalculatorError('an even root of a negative number is no real number');
  if (a.exact) {
    const n = exactRoot(abs(a.n), degree);
    const d = exactRoot(a.d, degree);
    if (n !== null && d !== null) return fraction(a.n < 0n ? -n : n, d);
  }
  const x = toDecimal(a);
  const size = degree === 2 ? x.sqrt() : degree === 3 ? x.abs().cbrt() : x.abs().pow(new Big(1).div(degree));
  return approximate(x.isNeg() ? size.neg() : size);
}

function exactRoot(value: bigint, degree: number): bigint | null {
  if (value < 2n) return value;
  const power = BigInt(degree);
  // Newton's method from above.
  let guess = 1n << (BigInt(bits(value)) / power + 1n);
  for (;;) {
    const next = ((power - 1n) * guess + value / guess ** (power - 1n)) / power;
    if (next >= guess) break;
    guess = next;
  }
  return guess ** power === value ? guess : null;
}

/** Half away from zero, as on invoices. */
export function round(a: Num, digits: number): Num {
  const scale = digits >= 0 ? fraction(10n ** BigInt(digits)) : fraction(1n, 10n ** BigInt(-digits));
  const scaled = multiply(a, scale);
  const size = floor(add(sign(scaled) < 0 ? negate(scaled) : scaled, fraction(1n, 2n)));
  return divide(sign(scaled) < 0 ? negate(size) : size, scale);
}

const SHOWN_DIGITS = 30;
const EXACT_DIGITS = 60;

/** With a decimal point; exact where the digits end soon enough, otherwise rounded. */
export function formatNumber(value: Num): { text: string; exact: boolean } {
  if (!value.exact) return { text: plain(value.x.toSignificantDigits(SHOWN_DIGITS)), exact: false };
  let rest = value.d;
  let [twos, fives] = [0, 0];
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  const places = Math.max(twos, fives);
  if (rest !== 1n || places > EXACT_DIGITS)
    return { text: plain(toDecimal(value).toSignificantDigits(SHOWN_DIGITS)), exact: false };
  const digits = ((abs(value.n) * 10n ** BigInt(places)) / value.d).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return { text: value.n < 0n ? `-${text}` : text, exact: true };
}

const plain = (x: Decimal) => x.toString();
