import { expect, test } from 'vitest';
import { readCsvHead } from './csv-head.ts';

test('columns and first row, with quotes, line breaks and the separators of spreadsheets', () => {
  expect(readCsvHead('\uFEFFtext,lang\r\n"a ""b"", c\nd",en\r\n')).toEqual({
    separator: ',',
    columns: ['text', 'lang'],
    first: ['a "b", c\nd', 'en'],
  });
  expect(readCsvHead('texte;note\nBon, très bon;5')).toMatchObject({
    separator: ';',
    first: ['Bon, très bon', '5'],
  });
  expect(readCsvHead('one column\n')).toMatchObject({ columns: ['one column'], first: [] });
  expect(readCsvHead('\n\n')).toBeNull();
});
