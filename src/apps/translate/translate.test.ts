// What a translation keeps, whatever the model does.
import { describe, expect, test } from 'vitest';
import { numberFaults, translationFaults } from './check-translation.ts';
import { markdownSegments } from './markdown-segments.ts';
import { masked, protectedSpans, unmasked } from './protected-spans.ts';

const toTranslate = (text: string) =>
  markdownSegments(text).flatMap((segment) => (segment.type === 'translate' ? [segment.text] : []));
const joined = (text: string) =>
  markdownSegments(text)
    .map((segment) => segment.text)
    .join('');

describe('segments', () => {
  const document = `---
title: Notes
---
# Titre *un*

Un paragraphe
sur deux lignes.

- [ ] Une tâche
- Deux
  1. Trois

> Une citation

| Nom | Prix |
|-----|-----:|
| Pain noir | 2,50 |

\`\`\`js
const mot = 'bonjour';
\`\`\`

    code indenté = 1
    encore

[lien]: https://exemple.fr "Titre"
***
Fin avec deux espaces  
et une suite.
`;

  test('are what a person reads; marks, code, rules and definitions stay', () => {
    expect(toTranslate(document)).toEqual([
      'Titre *un*',
      'Un paragraphe sur deux lignes.',
      'Une tâche',
      'Deux',
      'Trois',
      'Une citation',
      'Nom',
      'Prix',
      'Pain noir',
      'Fin avec deux espaces',
      'et une suite.',
    ]);
  });

  test('joined are the text again, but for wrapped lines', () => {
    expect(joined(document)).toBe(document.replace('paragraphe\nsur', 'paragraphe sur'));
  });

  test.each([
    '',
    '\n',
    'mot',
    'un\r\n\r\ndeux\r\n',
    '```\nune clôture ouverte\n',
    '| a | b',
    '   ',
    '1. a\n\n   suite\n',
  ])('of %j lose nothing', (text) => {
    expect(joined(text)).toBe(text);
  });

  test('of a long paragraph are groups of sentences, with nothing lost', () => {
    const long = Array.from(
      { length: 40 },
      (_, index) => `La phrase numéro ${index} dit quelque chose.`,
    ).join(' ');
    expect(toTranslate(long).length).toBeGreaterThan(2);
    expect(toTranslate(long).every((text) => text.length <= 500)).toBe(true);
    expect(joined(long)).toBe(long);
  });
});

describe('protected', () => {
  test.each<[string, string[]]>([
    ['Lancez `npm start` puis ``a`b``.', ['`npm start`', '``a`b``']],
    ['Voir [la page](https://a.fr/x?y=1) et <b>là</b>.', ['https://a.fr/x?y=1', '<b>', '</b>']],
    ['Écrire à jean@a.fr, ou https://b.fr/c.', ['jean@a.fr', 'https://b.fr/c']],
    ['Bonjour {{name}}, {user.name} et %s [^1]', ['{{name}}', '{user.name}', '%s', '[^1]']],
    ['Il coûte 5 $ ou 6 $ ici', []],
  ])('in %s', (text, expected) => {
    const spans = protectedSpans(text);
    expect(spans.map((span) => span.text)).toEqual(expected);
    expect(unmasked(masked(text, spans), spans)).toBe(text);
  });
});

describe('numbers', () => {
  test.each([
    ['Il y a 1 234,5 km.', 'It is 1,234.5 km.'],
    ['au XIXe siècle', 'in the 19th century'],
    ['in the 19th century', 'au XIXe siècle'],
    ['2 enfants', 'two children'],
    ['à 15 h 30', 'at 3:30 pm'],
    ['412 000 euros en 2021', '412,000 euros in 2021'],
    ['the 1st of May', 'le 1er mai'],
  ])('%s is kept in %s', (source, target) => {
    expect(numberFaults(source, target)).toEqual({ missing: [], added: [] });
  });
  test.each([
    ['12 pages', '21 pages', ['12'], ['21']],
    ['412 000 euros', '412 euros', ['412000'], ['412']],
    ['des pages', '3 pages', [], ['3']],
  ])('%s is not kept in %s', (source, target, missing, added) => {
    expect(numberFaults(source, target)).toEqual({ missing, added });
  });
});

test.each<[string, string, string | null]>([
  ['Le chat dort sur le lit.', 'The cat sleeps on the bed.', null],
  ['Le chat dort sur le lit.', 'Le chat dort sur le lit.', 'not translated'],
  [
    'Le chat de la voisine dort toujours sur le lit.',
    'Le chat de ma voisine dort sur le lit du salon.',
    'still in the language',
  ],
  ['Le chat dort.', '', 'nothing'],
  ['Lancez `npm start` ici.', 'Run `npm begin` here.', '`npm start` is missing'],
  ['Un **mot** ici.', 'A word here.', 'bold'],
  [
    'Oui.',
    'Yes, that is right, and I would like to add that the text which you gave me is quite short indeed.',
    'more than',
  ],
])('%s -> %s: %s', (source, target, fault) => {
  const faults = translationFaults(source, target, { from: 'fr', to: 'en', spans: protectedSpans(source) });
  if (fault === null) expect(faults).toEqual([]);
  else expect(faults.join('; ')).toContain(fault);
});
