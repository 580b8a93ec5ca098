import { describe, expect, test } from 'vitest';
import { createCitationCheck } from './citations.ts';

const passages = [
  'La CNIL a été créée en 1978. Elle siège à Paris, place de Fontenoy.',
  'The house was built in 1901 by two brothers from Lyon.',
];

/** The same whatever the pieces in which the text arrives. */
function checked(text: string) {
  const results = [1, 2, 3, 7, text.length].map((size) => {
    const check = createCitationCheck(passages);
    let out = '';
    for (let at = 0; at < text.length; at += size) out += check.push(text.slice(at, at + size));
    out += check.end();
    return { out, removed: check.removed(), cited: [...check.cited()].sort() };
  });
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0]!;
}

describe('citations', () => {
  test.each([
    ['A mark stays [1].', 'A mark stays [1].', [], [1]],
    ['Both [1][2].', 'Both [1][2].', [], [1, 2]],
    ['A list [1, 2] and [2; 1].', 'A list [1][2] and [2][1].', [], [1, 2]],
    ['Words [passage 2], [Source 1] and 【2】.', 'Words [2], [1] and [2].', [], [1, 2]],
    ['No such one [3].', 'No such one.', ['[3]'], []],
    ['Half of it [1, 7].', 'Half of it [1].', ['[7]'], [1]],
    ['Zero [0] and a year [1978].', 'Zero and a year [1978].', ['[0]'], []],
    ['A list of code: a[i] and [x].', 'A list of code: a[i] and [x].', [], []],
    ['An open bracket [ stays', 'An open bracket [ stays', [], []],
  ])('%s', (text, out, removed, cited) => {
    expect(checked(text)).toEqual({ out, removed, cited });
  });

  test('a sentence that stands in a passage word for word gets its mark', () => {
    expect(checked('La CNIL a été créée en 1978. Je ne sais pas le reste.').out).toBe(
      'La CNIL a été créée en 1978. [1] Je ne sais pas le reste.',
    );
    expect(checked('Elle siège à Paris, place de Fontenoy').out).toBe(
      'Elle siège à Paris, place de Fontenoy [1]',
    );
  });

  test('a few words get one only when no other passage has them', () => {
    expect(checked('1978').out).toBe('1978 [1]');
    expect(checked('In 1901.').out).toBe('In 1901. [2]');
    expect(checked('a.').out).toBe('a.');
  });

  test('a sentence that has a mark gets no second one, and one of its own words gets none', () => {
    expect(checked('La CNIL a été créée en 1978 [1].').out).toBe('La CNIL a été créée en 1978 [1].');
    expect(checked('La CNIL a été créée en 1978. [1] Voilà.').out).toBe(
      'La CNIL a été créée en 1978. [1] Voilà.',
    );
    expect(checked('La CNIL est née en 1978.').out).toBe('La CNIL est née en 1978.');
  });
});
