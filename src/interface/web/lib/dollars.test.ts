import { describe, expect, test } from 'vitest';
import { parseDollars, writeDollars } from './dollars.ts';

describe('prices as a person types them', () => {
  test.each([
    ['2', 2_000_000_000],
    ['0.15', 150_000_000],
    ['0,15', 150_000_000],
    [' $ 3.5 ', 3_500_000_000],
    ['0.000000001', 1],
    ['0', 0],
    ['1.', 1_000_000_000],
  ])('%s is %i nano-dollars', (text, nano) => {
    expect(parseDollars(text)).toBe(nano);
  });

  test.each(['', 'free', '-1', '1e3', '1.2.3', '0.0000000001', '99999999'])('%s is no price', (text) => {
    expect(parseDollars(text)).toBeNull();
  });

  test('what was typed is written back, with the decimal mark of the language', () => {
    expect(writeDollars(150_000_000, false)).toBe('0.15');
    expect(writeDollars(150_000_000, true)).toBe('0,15');
    expect(writeDollars(2_000_000_000, true)).toBe('2');
    expect(parseDollars(writeDollars(1_234_567_891, true))).toBe(1_234_567_891);
  });
});
