// Where a name may stand, and what becomes of it once somebody has said which words are people.
import { describe, expect, test } from 'vitest';
import { nameCandidates } from './candidates.ts';
import { findNames } from './find-names.ts';

describe('where a name may stand', () => {
  test.each<[string, string[]]>([
    ['Hier, Marie Dupont a appelé.', ['Marie Dupont']],
    ['Pour le général de Gaulle, Paris compte.', ['Gaulle', 'Paris']],
    ['D’après Jean-Luc d’Arcy et Ludwig van Beethoven', ['Jean-Luc d’Arcy', 'Ludwig van Beethoven']],
    ['Qu’Émilie vienne. L’Ajax gagne.', ['Émilie', 'Ajax']],
    ['Dear Mr. J. R. Smith, thank you', ['J. R. Smith']],
    ['The report of Monday is in A and B.', []],
    ['Bonjour, quelle heure est-il ?', []],
  ])('%s', (text, names) => {
    const found = nameCandidates(text);
    expect(found.map((one) => one.text)).toEqual(names);
    for (const { text: words, places } of found)
      for (const { start, end } of places) expect(text.slice(start, end)).toBe(words);
  });
});

describe('names of people', () => {
  const people = new Set(['Marie Curie', 'Léa']);
  test('each is asked about once, and marked wherever it stands, its parts too', async () => {
    const asked: string[] = [];
    const text = 'Marie Curie vit à Paris. Curie cherche ; Léa aussi. Mme Martin écrit à Léa.';
    const found = await findNames(
      text,
      async (_, words) => {
        asked.push(words);
        return people.has(words) ? 0.9 : 0.1;
      },
      0.5,
    );
    expect(found.map((one) => one.text)).toEqual(['Marie Curie', 'Curie', 'Léa', 'Martin', 'Léa']);
    for (const { start, end, text: words, certain, type } of found)
      expect([text.slice(start, end), certain, type]).toEqual([words, false, 'person']);
    // A title says enough, and of a part its whole does.
    expect(asked.toSorted()).toEqual(['Léa', 'Marie Curie', 'Paris']);
  });

  test('of a long text what stands around the words is shown', async () => {
    const shown: string[] = [];
    const text = `${'des mots '.repeat(1000)}Léa ${'et encore '.repeat(1000)}`;
    const judge = async (part: string) => {
      shown.push(part);
      return 1;
    };
    expect(await findNames(text, judge, 0.5)).toHaveLength(1);
    expect(shown[0]?.length).toBeLessThanOrEqual(800);
    expect(shown[0]).toContain('Léa');
  });

  test('long texts of one sign take no time', () => {
    const start = performance.now();
    for (const sign of ['A', 'A ', 'A.', 'Aa ', 'M. ', 'Aa-', "A'A", 'de ', 'Le ', 'Aa de '])
      nameCandidates(sign.repeat(100_000 / sign.length));
    nameCandidates(`${'A.'.repeat(50_000)}1`);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
