import { describe, expect, test } from 'vitest';
import { createFormat, regional } from './format.ts';

const en = createFormat('en');
const fr = createFormat('fr');
/** Names the two kinds of space that tie a unit to its number. */
const spaced = (text: string) => text.replaceAll('\u202f', '~').replaceAll('\u00a0', '_');

describe('numbers as the language writes them', () => {
  test('grouping and decimal mark', () => {
    expect(en.number(1117)).toBe('1,117');
    expect(spaced(fr.number(1117))).toBe('1~117');
    expect(en.number(3.14)).toBe('3.1');
    expect(fr.number(3.14)).toBe('3,1');
  });

  test.each([
    [820, '820_ms', '820~ms'],
    [4200, '4.2_s', '4,2~s'],
    [42_000, '42_s', '42~s'],
    [59_990, '1_min', '1~min'],
    [200_000, '3_min 20_s', '3~min 20~s'],
    [7_500_000, '2_h 5_min', '2~h 5~min'],
  ])('%i ms', (ms, english, french) => {
    expect(spaced(en.duration(ms))).toBe(english);
    expect(spaced(fr.duration(ms))).toBe(french);
  });

  test('the first of a month is « 1er » in French', () => {
    const first = Date.UTC(2026, 11, 1, 12);
    expect(fr.day(first)).toBe('1er déc. 2026');
    expect(fr.moment(first)).toMatch(/^1er déc\. 2026/);
    expect(fr.day(first + 10 * 86_400_000)).toBe('11 déc. 2026');
    expect(en.day(first)).not.toContain('1er');
  });

  test('sizes in decimal units', () => {
    expect(spaced(en.size(1_117_320_736)).replace('_', ' ')).toBe('1.1 GB');
    expect(spaced(fr.size(98_000_000))).toMatch(/^98[~_]Mo$/);
    for (const format of ['bytes', 'size'] as const) {
      expect([1, 10].map((value) => spaced(en[format](value)).replace('_', ' '))).toEqual([
        '1 byte',
        '10 bytes',
      ]);
      expect([1, 10].map((value) => spaced(fr[format](value)).replace(/[~_]/, ' '))).toEqual([
        '1 octet',
        '10 octets',
      ]);
    }
    expect(en.megabytes(1_117_320_736)).toBe('1,117');
  });

  test.each([
    [0, '$0.00'],
    [1_234, '$0.0000012'],
    [1_234_567, '$0.0012'],
    [150_000_000, '$0.15'],
    [600_000_000, '$0.60'],
    [12_345_000_000, '$12.35'],
  ])('%i nano-dollars', (nano, text) => {
    expect(en.dollars(nano)).toBe(text);
  });
  test('something that was charged never reads as zero', () => {
    expect(en.dollars(1)).toBe('$0.000000001');
    expect(spaced(fr.dollars(1_234_567))).toMatch(/^0,0012[_~]\$$/);
  });

  test('a date today is an hour, one of this year a day', () => {
    const now = new Date(2026, 10, 24, 15, 0).getTime();
    expect(en.when(new Date(2026, 10, 24, 9, 5).getTime(), now)).toMatch(/9:05|09:05/);
    expect(fr.when(new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe('20 nov.');
    expect(fr.when(new Date(2025, 10, 20).getTime(), now)).toContain('2025');
  });
});

test('the variety of a language is the reader’s own', () => {
  expect(regional('en', ['fr-FR', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(regional('fr', ['en-GB'])).toBe('fr');
});
