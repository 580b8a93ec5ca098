// The functions and constants of the calculator, with their French names. Angles are in radians; `deg` makes degrees.
import type { Decimal } from 'decimal.js';
import {
  add,
  approximate,
  Big,
  CalculatorError,
  compare,
  divide,
  floor,
  fraction,
  gcd,
  modulo,
  multiply,
  type Num,
  negate,
  power,
  root,
  round,
  sign,
  toDecimal,
} from './number.ts';

interface CalculatorFunction {
  /** Least and most arguments. */
  arity: readonly [number, number];
  apply(values: readonly Num[]): Num;
}

const MANY = 200;

function whole(value: Num, what: string): bigint {
  if (!value.exact || value.d !== 1n) throw new CalculatorError(`${what} needs whole numbers`);
  return value.n;
}

export function factorial(value: Num): Num {
  const n = whole(value, 'a factorial');
  if (n < 0n || n > 2000n) throw new CalculatorError('a factorial is taken of 0 to 2000');
  let product = 1n;
  for (let factor = 2n; factor <= n; factor++) product *= factor;
  return fraction(product);
}

/** At least one value stands for the list; arity has made sure. */
const first = (values: readonly Num[]): Num => values[0] ?? fraction(0n);
const second = (values: readonly Num[]): Num | undefined => values[1];
const one = (apply: (value: Num) => Num): CalculatorFunction => ({
  arity: [1, 1],
  apply: (values) => apply(first(values)),
});
const smooth = (apply: (x: Decimal) => Decimal) => one((value) => approximate(apply(toDecimal(value))));
const many = (apply: (values: readonly Num[]) => Num): CalculatorFunction => ({ arity: [1, MANY], apply });
const sum = (values: readonly Num[]) => values.reduce(add, fraction(0n));
const zero = (value: Num) => sign(value) === 0;

const trigonometry = (apply: (x: Decimal) => Decimal) =>
  one((value) => {
    if (zero(value)) return approximate(apply(new Big(0)));
    if (toDecimal(value).abs().gt('1e30')) throw new CalculatorError('the angle is too large');
    return approximate(apply(toDecimal(value)));
  });

function logarithm(value: Num, base: Num): Num {
  if (sign(value) <= 0) throw new CalculatorError('a logarithm is taken of numbers above 0');
  if (sign(base) <= 0 || compare(base, fraction(1n)) === 0)
    throw new CalculatorError('the base of a logarithm is above 0 and not 1');
  const x = toDecimal(value).ln().div(toDecimal(base).ln());
  const near = x.round();
  // log(1000) is 3 and not 2.99...9.
  if (x.minus(near).abs().lt('1e-40') && near.abs().lt(20_000)) {
    const whole = fraction(BigInt(near.toFixed(0)));
    if (compare(power(base, whole), value) === 0) return whole;
  }
  return approximate(x);
}

const rounded: CalculatorFunction = {
  arity: [1, 2],
  apply(values) {
    const digits = second(values) ?? fraction(0n);
    const n = whole(digits, 'rounding to digits');
    if (n < -1000n || n > 1000n) throw new CalculatorError('rounding goes to at most 1000 digits');
    return round(first(values), Number(n));
  },
};
const mean = many((values) => divide(sum(values), fraction(BigInt(values.length))));
const median = many((values) => {
  const sorted = [...values].sort(compare);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? fraction(0n);
  return sorted.length % 2 === 1 ? upper : divide(add(sorted[middle - 1] ?? upper, upper), fraction(2n));
});
const squareRoot = one((value) => root(value, 2));
const total = many(sum);

export const functions: Readonly<Record<string, CalculatorFunction>> = Object.assign(Object.create(null), {
  sqrt: squareRoot,
  racine: squareRoot,
  cbrt: one((value) => root(value, 3)),
  root: { arity: [2, 2], apply: (values) => nthRoot(values) } satisfies CalculatorFunction,
  abs: one((value) => (sign(value) < 0 ? negate(value) : value)),
  sign: one((value) => fraction(BigInt(sign(value)))),
  floor: one(floor),
  ceil: one((value) => negate(floor(negate(value)))),
  trunc: one((value) => (sign(value) < 0 ? negate(floor(negate(value))) : floor(value))),
  round: rounded,
  arrondi: rounded,
  min: many((values) => values.reduce((a, b) => (compare(a, b) <= 0 ? a : b))),
  max: many((values) => values.reduce((a, b) => (compare(a, b) >= 0 ? a : b))),
  sum: total,
  somme: total,
  mean,
  avg: mean,
  average: mean,
  moyenne: mean,
  median,
  médiane: median,
  mod: {
    arity: [2, 2],
    apply: (values) => modulo(first(values), second(values) ?? fraction(0n)),
  } satisfies CalculatorFunction,
  pow: {
    arity: [2, 2],
    apply: (values) => power(first(values), second(values) ?? fraction(1n)),
  } satisfies CalculatorFunction,
  gcd: {
    arity: [2, MANY],
    apply: (values) => fraction(values.map((v) => whole(v, 'gcd')).reduce(gcd)),
  } satisfies CalculatorFunction,
  lcm: {
    arity: [2, MANY],
    apply: (values) =>
      values.reduce((a, b) => {
        const [x, y] = [whole(a, 'lcm'), whole(b, 'lcm')];
        const product = fraction(x * y);
        return x === 0n || y === 0n
          ? fraction(0n)
          : divide(sign(product) < 0 ? negate(product) : product, fraction(gcd(x, y)));
      }),
  } satisfies CalculatorFunction,
  factorial: one(factorial),
  exp: smooth((x) => x.exp()),
  ln: one((value) => naturalLogarithm(value)),
  log: {
    arity: [1, 2],
    apply: (values) => logarithm(first(values), second(values) ?? fraction(10n)),
  } satisfies CalculatorFunction,
  log10: one((value) => logarithm(value, fraction(10n))),
  log2: one((value) => logarithm(value, fraction(2n))),
  sin: trigonometry((x) => x.sin()),
  cos: trigonometry((x) => x.cos()),
  tan: trigonometry((x) => x.tan()),
  asin: smooth((x) => x.asin()),
  acos: smooth((x) => x.acos()),
  atan: smooth((x) => x.atan()),
  deg: one((value) => approximate(toDecimal(value).times(180).div(pi))),
  rad: one((value) => approximate(toDecimal(value).times(pi).div(180))),
});

const pi = Big.acos(-1);
const euler = new Big(1).exp();

export const constants: Readonly<Record<string, Num>> = Object.assign(Object.create(null), {
  pi: approximate(pi),
  π: approximate(pi),
  tau: approximate(pi.times(2)),
  e: approximate(euler),
});

function naturalLogarithm(value: Num): Num {
  if (sign(value) <= 0) throw new CalculatorError('a logarithm is taken of numbers above 0');
  return value.exact && value.n === 1n && value.d === 1n ? fraction(0n) : approximate(toDecimal(value).ln());
}

function nthRoot(values: readonly Num[]): Num {
  const degree = second(values) ?? fraction(2n);
  const n = Number(whole(degree, 'the degree of a root'));
  if (n < 1 || n > 1000) throw new CalculatorError('the degree of a root is 1 to 1000');
  return n === 1 ? multiply(first(values), fraction(1n)) : root(first(values), n);
}
