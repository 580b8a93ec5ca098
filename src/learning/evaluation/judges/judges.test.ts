// The judges that need only texts, against what a person would say.
import { describe, expect, test } from 'vitest';
import { judgeText } from './text-judges.ts';

describe('exact', () => {
  test.each([
    ['Paris', 'paris', true, 1],
    ['Paris', 'paris', false, 0],
    ['  Le\u00a0 chat\n noir ', 'le chat noir', true, 1],
    ['e\u0301te\u0301', 'été', true, 1],
    ['Paris.', 'Paris', true, 0],
  ])('%j beside %j', (output, expected, ignoreCase, score) => {
    expect(judgeText({ type: 'exact', ignoreCase }, output, expected).score).toBe(score);
  });
});

test('f1 and chrF are those of the measures', () => {
  expect(judgeText({ type: 'f1' }, 'a cat sat', 'the cat sat down').score).toBeCloseTo(4 / 7, 12);
  expect(judgeText({ type: 'chrf' }, 'aa', 'ab').score).toBeCloseTo(0.25, 12);
});

describe('json', () => {
  const judge = (output: unknown, expected: unknown, fields: string[] = []) => {
    const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    return judgeText({ type: 'json', fields }, text(output), text(expected));
  };

  test('is the share of the wanted fields that are equal, and names those that differ', () => {
    const wanted = { number: 'F-12', date: '2026-03-01', total: 1234.5, seller: 'ACME' };
    expect(judge({ ...wanted, seller: 'Other', currency: 'EUR' }, wanted)).toEqual({
      score: 0.75,
      detail: { differ: ['seller'], extra: ['currency'] },
    });
    expect(judge({ total: 1234.5 }, wanted, ['total', 'date']).score).toBe(0.5);
  });

  test.each([
    ['1,234.50', 1234.5],
    ['1 234,50 €', 1234.5],
    ['$12', 12],
    ['12.0', '12'],
    ['1.234.567', 1234567],
    ['12,34,567.50', 1234567.5],
    ['-1.234.567,5', -1234567.5],
    // It may be either, and no reader could tell.
    ['1,234', 1234],
    ['1,234', 1.234],
    ['01/03/2026', '2026-03-01'],
    ['2026-3-1', '01.03.2026'],
    ['03/25/2026', '2026-03-25'],
    [' acme  sa', 'ACME SA'],
    [null, undefined],
    [
      [1, '2'],
      ['1', 2],
    ],
    [{ a: 1 }, { a: '1', b: null }],
  ])('%j is the same as %j', (given, wanted) => {
    expect(judge({ field: given }, { field: wanted ?? null }).score).toBe(1);
  });

  test.each([
    ['12', '12a'],
    ['1234.51', 1234.5],
    ['2026-03-01', '2026-03-02'],
    ['11.1.2026', '1.11.2026'],
    ['1.1.10', '1.11.0'],
    ['192.168.1.11', '192.168.11.1'],
    ['12345678901234567890', '12345678901234567891'],
    [null, 0],
    ['', null],
    [[1], [1, 2]],
    [{ a: 1 }, 1],
    [false, 0],
  ])('%j is not %j', (given, wanted) => {
    expect(judge({ field: given }, { field: wanted }).score).toBe(0);
  });

  test('that is broken is worth nothing, and says why', () => {
    expect(judge('{"total": 12', { total: 12 })).toMatchObject({ score: 0, detail: { broken: true } });
    expect(judge('{"total": 12', { total: 12 }).detail.problem).toMatch(/JSON/);
    expect(judge('The total is 12.', { total: 12 }).detail.broken).toBe(true);
    expect(judge('[12]', { total: 12 }).score).toBe(0);
  });

  test('in a fence is read, and the fence is told', () => {
    expect(judge('```json\n{"total": 12}\n```', { total: 12 })).toEqual({
      score: 1,
      detail: { fenced: true, differ: [] },
    });
  });

  test('of a key that every object has is no field', () => {
    expect(judge({}, { constructor: 'x' }).score).toBe(0);
  });
});
