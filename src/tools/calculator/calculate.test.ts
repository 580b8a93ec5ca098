// What people and models type into a calculator, in French and in English, and what they must be told.
import { expect, test } from 'vitest';
import { calculate } from './calculate.ts';
import { formatNumber } from './number.ts';

const result = (expression: string) => formatNumber(calculate(expression)).text;

test.each([
  ['1 + 2 * 3', '7'],
  ['(1 + 2) * 3', '9'],
  ['0.1 + 0.2', '0.3'],
  ['0,1 + 0,2', '0.3'],
  ['1/3 * 3', '1'],
  ['1/3', '0.333333333333333333333333333333'],
  ['2 ^ 10', '1024'],
  ['2 ** 3 ** 2', '512'],
  ['-2 ^ 2', '-4'],
  ['2 ^ -2', '0.25'],
  ['(-8) ^ (1/3)', '-2'],
  ['4 ^ 0.5', '2'],
  ['5²', '25'],
  ['7 × 6 ÷ 2 − 1', '20'],
  ['--3', '3'],
  ['2 * -3', '-6'],
  [
    '123456789012345678901234567890 * 98765432109876543210',
    '12193263113702179522496570642237463801111263526900',
  ],
  ['2^200', '1606938044258990275541962092341162602522202993782792835301376'],
  ['1e3 + 2.5e-3', '1000.0025'],
  ['.5 + 1.', '1.5'],
  ['5!', '120'],
  ['(3!)!', '720'],
  ['12 =', '12'],
])('%s is %s', (expression, expected) => {
  expect(result(expression)).toBe(expected);
});

test.each([
  ['1 234,56 + 1', '1235.56'],
  ['1\u202f234\u202f567,89', '1234567.89'],
  ['1,234.56', '1234.56'],
  ['1.234,56', '1234.56'],
  ['1,234,567', '1234567'],
  ['1.234.567', '1234567'],
  ['1.234', '1.234'],
  ['0,125', '0.125'],
  ['3,14159', '3.14159'],
  ['1234,567', '1234.567'],
  ['max(1,5)', '5'],
  ['max(1,5; 2)', '2'],
  ['max(1.5, 1,2)', '2'],
  ['sqrt(2,25)', '1.5'],
  ['round(3,14159; 2)', '3.14'],
  ['round(2.5)', '3'],
  ['round(-2.5)', '-3'],
  ['arrondi(1234,5678; -2)', '1200'],
  ['moyenne(10; 12,5; 15)', '12.5'],
  ['somme(1 000; 2 000)', '3000'],
  ['mean(1, 2, 3, 4)', '2.5'],
  ['median(5; 1; 3; 2)', '2.5'],
])('the number in %s is read: %s', (expression, expected) => {
  expect(result(expression)).toBe(expected);
});

test.each([
  ['20%', '0.2'],
  ['20% of 80', '16'],
  ['15 % de 80', '12'],
  ['200 + 10%', '220'],
  ['200 - 10%', '180'],
  ['200 * 10%', '20'],
  ['100 + 10% - 5', '105'],
  ['10% + 5%', '0.15'],
  ['(1200 - 350,50) * 20 %', '169.9'],
  ['17 % 5', '2'],
  ['-7 % 3', '2'],
  ['17 mod 5', '2'],
  ['7.5 % 2', '1.5'],
  ['50 % (3)', '2'],
])('percent and remainder: %s is %s', (expression, expected) => {
  expect(result(expression)).toBe(expected);
});

test.each([
  ['sqrt(16)', '4'],
  ['sqrt(2)', '1.41421356237309504880168872421'],
  ['racine(1/4)', '0.5'],
  ['cbrt(-27)', '-3'],
  ['root(32; 5)', '2'],
  ['log(1000)', '3'],
  ['log(8; 2)', '3'],
  ['log2(0.5)', '-1'],
  ['ln(1)', '0'],
  ['exp(0)', '1'],
  ['pi', '3.14159265358979323846264338328'],
  ['2 * PI', '6.28318530717958647692528676656'],
  ['sin(0)', '0'],
  ['cos(pi)', '-1'],
  ['sin(rad(30))', '0.5'],
  ['gcd(12; 18)', '6'],
  ['lcm(4; 6; 10)', '60'],
  ['mod(-7; 3)', '2'],
  ['floor(-1.5) + ceil(-1.5) + trunc(-1.5)', '-4'],
  ['abs(-3)', '3'],
  ['pow(2; 0.5) ^ 2', '2'],
])('functions: %s is %s', (expression, expected) => {
  expect(result(expression)).toBe(expected);
});

test.each([
  ['1,234', '1,234 can mean 1234 or 1.234; write one of the two'],
  ['1 +', 'ends too early'],
  ['(1 + 2', 'ends too early'],
  ['1 + 2)', '")" is not expected'],
  ['2(3 + 4)', 'an operator is missing between "2" and "("'],
  ['2 pi', 'an operator is missing'],
  ['1 / 0', 'division by zero'],
  ['5 % 0', 'division by zero'],
  ['0 ^ -1', 'division by zero'],
  ['sqrt(-1)', 'no real number'],
  ['(-8) ^ 0.3', 'no real number'],
  ['ln(0)', 'above 0'],
  ['foo(1)', 'foo is not known; there are sqrt'],
  ['constructor(1)', 'constructor is not known'],
  ['__proto__', '__proto__ is not known'],
  ['toString()', 'tostring is not known'],
  ['sqrt()', 'takes 1 arguments, not 0'],
  ['sqrt 4', 'needs its arguments in parentheses'],
  ['1.2.3', '1.2.3 is no number'],
  ['1 @ 2', '"@" means nothing here'],
  ['process.exit()', 'a number is expected at ".exit()"'],
  ['`1`', 'means nothing here'],
  ['', 'nothing to compute'],
  [' ', 'nothing to compute'],
  ['(-1)!', '0 to 2000'],
  ['1.5!', 'whole numbers'],
  ['9'.repeat(2001), 'longer than 2000'],
  ['('.repeat(500), 'nested too deeply'],
  ['-'.repeat(500), 'nested too deeply'],
])('%s is refused: %s', (expression, words) => {
  expect(() => calculate(expression)).toThrow(words);
});

test.each([
  '9^9^9^9',
  '2^99999999999',
  '(2^10000)^1000',
  '1e10000 * 1e10000',
  '1e999999999',
  '((2000!)!)',
  '2000!^50',
  'exp(1e20)',
  'sin(1e300)',
  'tan(1e29)',
  '1.0000001^1e15',
  'root(2^30000; 999)',
  '0.1^3000 + 1/7^3000',
  `lcm(${Array.from({ length: 100 }, (_, n) => 10 ** 15 + n).join(';')})`,
  `${'2^'.repeat(60)}2`,
])('%s takes no time: an answer or a refusal', (expression) => {
  const started = performance.now();
  try {
    expect(result(expression)).toMatch(/^-?[\d.]+(e[+-]\d+)?$/);
  } catch (error) {
    expect(String(error)).toMatch(/too large|0 to 2000|DecimalError/);
  }
  expect(performance.now() - started).toBeLessThan(1000);
});
