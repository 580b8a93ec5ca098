// What the extractor promises: verbatim values with their places, normal forms that are sure, and null otherwise.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApps, type TestApps } from '../../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { findAll, findQuote } from '../parts/find-quote.ts';
import type { ExtractOutput } from './extract-schema.ts';
import { dateCandidates, normalDate, normalNumber, numberCandidates } from './read-values.ts';

describe('a quote', () => {
  const text =
    'Société Générale\n(S.A.), 12, rue de l’Église – 35000 RENNES. Total : 1 234,50 €. Net 234,50. la Gare';
  test.each([
    ['Société Générale', 'Société Générale'],
    ['societe generale (S.A.)', 'Société Générale\n(S.A.)'],
    ["12 rue de l'église, 35000 Rennes", '12, rue de l’Église – 35000 RENNES'],
    ['12, rue de la Eglise 35000 Rennes', '12, rue de l’Église – 35000 RENNES'],
    ['234,50', '234,50'],
    ['Gare', 'Gare'],
    ['Gar', null],
    ['une banque', null],
    ['', null],
  ])('%s is found as %s', (quote, expected) => {
    const place = findQuote(text, quote);
    expect(place === null ? null : text.slice(place.start, place.end)).toBe(expected);
  });

  test('of a piece of a number is not taken for the number', () => {
    expect(text.slice(findQuote(text, '234,50')?.start).startsWith('234,50. la')).toBe(false);
    expect(findAll('Paris, paris et Parisien, Paris', 'Paris').map(({ start }) => start)).toEqual([0, 26]);
  });
});

test.each([
  ['Le 14 mars 2023 et le 1er avril, puis 03/04/21.', ['14 mars 2023', '1er avril', '03/04/21']],
  ['On May 3, 2024 or 2024-05-03; 3rd of June 1999', ['May 3, 2024', '2024-05-03', '3rd of June 1999']],
  ['DATE: 28 JUN 2018 18:02', ['28 JUN 2018']],
  ['no date, 12.50 and 3 marsupials', []],
])('dates of %s', (text, dates) => {
  expect(dateCandidates(text)).toEqual(dates);
});

test.each([
  ['Total 1 234,50 € et 12, soit -3.5 % de A4', ['1 234,50', '1 234,50 €', '12', '-3.5', '-3.5 %']],
  ['RM 1,234.00 (6)', ['1,234.00', 'RM 1,234.00', '6']],
])('numbers of %s', (text, numbers) => {
  expect(numberCandidates(text)).toEqual(numbers);
});

test.each<[string, string | null, string | null]>([
  ['14 mars 2023', 'fr', '2023-03-14'],
  ['May 3, 2024', 'en', '2024-05-03'],
  ['03/04/2021', 'fr', '2021-04-03'],
  ['03/04/2021', 'en', null],
  ['28/04/21', 'en', '2021-04-28'],
  ['2018-03-05', null, '2018-03-05'],
  ['31/02/2020', 'fr', null],
  ['mars 2020', 'fr', '2020-03'],
  ['28 JUN 18', 'en', '2018-06-28'],
  ['soon', 'en', null],
])('the date %s (%s) is %s', (text, language, expected) => {
  expect(normalDate(text, language)).toBe(expected);
});

test.each<[string, string | null, number | null]>([
  ['1 234,50 €', 'fr', 1234.5],
  ['1,234.50', 'en', 1234.5],
  ['1.234,50', 'de', 1234.5],
  ['12,345', 'en', 12345],
  ['12,345', 'fr', 12.345],
  ['1.234', 'de', 1234],
  ['1.234', 'en', 1.234],
  ['1,234,567', 'fr', 1234567],
  ['-5', 'fr', -5],
  ['0,125', 'en', 0.125],
  ['douze', 'fr', null],
])('the number %s (%s) is %s', (text, language, expected) => {
  expect(normalNumber(text, language)).toBe(expected);
});

describe('an extraction', () => {
  let opened: TestStore;
  let on: TestApps;
  beforeAll(async () => {
    opened = await openTestStore();
    on = openApps(opened.store, { scripted: { contextLength: 1200 } });
  });
  afterAll(async () => {
    await on.close();
    await opened.dispose();
  });
  const extract = async (text: string, input: Record<string, unknown>) => {
    const notes: string[] = [];
    let output: ExtractOutput | undefined;
    for await (const event of on.apps.stream(
      localIdentity,
      'extract',
      { text, ...input },
      { model: 'scripted/script', source: 'api' },
    )) {
      if (event.type === 'note') notes.push(event.message);
      if (event.type === 'output') output = event.output as ExtractOutput;
    }
    for (const { matches } of output!.fields)
      for (const match of matches) expect(text.slice(match.start, match.end)).toBe(match.text);
    for (const entity of output!.entities) expect(text.slice(entity.start, entity.end)).toBe(entity.text);
    return { ...output!, notes };
  };

  test('gives verbatim values with their places, and null for what was made up', async () => {
    const text =
      'Facture du 3 mai 2024, total 86,40 EUR, de Granit  et Fils.\n#json {"seller":"granit \\u0065t fils","date":"3 mai 2024","total":"86,40","buyer":"\\u0051uimper","paid":{"quote":"Facture du 3 mai","value":false},"things":["total","\\u0051uimper","Facture"]}';
    const { fields, values, notes } = await extract(text, {
      fields: [
        { name: 'seller' },
        { name: 'date', type: 'date' },
        { name: 'total', type: 'number' },
        { name: 'buyer' },
        { name: 'paid', type: 'boolean' },
        { name: 'things', type: 'list' },
      ],
    });
    expect(values).toMatchObject({
      seller: 'Granit  et Fils',
      date: '2024-05-03',
      total: 86.4,
      paid: false,
      buyer: null,
      things: ['total', 'Facture'],
    });
    expect(fields.find(({ name }) => name === 'date')?.matches).toEqual([
      { text: '3 mai 2024', start: 11, end: 21, normal: '2024-05-03' },
    ]);
    expect(notes).toEqual([expect.stringMatching(/does not stand in the text.*buyer/)]);
  });

  test('without an answer is null, without an invention', async () => {
    const { values } = await extract('Rien de tel ici.', {
      fields: [
        { name: 'date', type: 'date' },
        { name: 'paid', type: 'boolean' },
        { name: 'names', type: 'list' },
      ],
    });
    expect(values).toEqual({ date: null, paid: null, names: null });
  });

  test('finds every place of a mention', async () => {
    const { entities } = await extract(
      'Brest accueille Anne. Anne aime Brest.\n#json {"mentions":[{"text":"Brest","kind":"LIEU"},{"text":"Anne","kind":"PERSONNE"},{"text":"\\u0051uimper","kind":"LIEU"}]}',
      { labels: [{ label: 'PERSONNE' }, { label: 'LIEU' }] },
    );
    expect(entities.slice(0, 4).map(({ label, text, start }) => [label, text, start])).toEqual([
      ['LIEU', 'Brest', 0],
      ['PERSONNE', 'Anne', 16],
      ['PERSONNE', 'Anne', 22],
      ['LIEU', 'Brest', 32],
    ]);
  });

  test('reads a text beyond the context in parts, and says so', async () => {
    const text = `${'Une phrase qui ne dit rien de particulier. '.repeat(250)}\n\n#json {"code":"A17"}\nLe code est A17.`;
    const { values, fields, notes } = await extract(text, { fields: [{ name: 'code' }] });
    expect(values).toEqual({ code: 'A17' });
    expect(fields[0]?.matches[0]?.start).toBeGreaterThan(6000);
    expect(notes[0]).toMatch(/read in \d+ parts/);
  });

  test('of nothing, or of one name twice, is refused', async () => {
    await expect(extract('a', {})).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(extract('a', { labels: [{ label: 'A' }, { label: 'A' }] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
