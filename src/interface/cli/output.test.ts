// What a person reads in the terminal.
import { expect, test } from 'vitest';
import { bytes, formatTable, jsonLine, money, printable } from './output.ts';

test('text of a model cannot act on a terminal', () => {
  expect(printable('\x1b[31mred\x07\r\u009b2J')).toBe('\\x1b[31mred\\x07\\x0d\\x9b2J');
  expect(printable('é\tœ\n😀')).toBe('é\tœ\n😀');
});

test('JSON lets no control character pass, and stays the same value', () => {
  const line = jsonLine({ text: '\x1b\x7f\u009b é' });
  expect(line).toBe('{"text":"\\u001b\\u007f\\u009b é"}\n');
  expect(JSON.parse(line)).toEqual({ text: '\x1b\x7f\u009b é' });
});

test.each([
  [{ kind: 'none' }, 'no charge'],
  [{ kind: 'unknown' }, 'price unknown'],
  [{ kind: 'known', nanoDollars: 0 }, '$0.00'],
  [{ kind: 'known', nanoDollars: 1_234_567_890 }, '$1.23'],
  [{ kind: 'known', nanoDollars: 10_000_000 }, '$0.01'],
  [{ kind: 'known', nanoDollars: 1_234_567 }, '$0.0012'],
  [{ kind: 'known', nanoDollars: 150 }, '$0.00000015'],
  [{ kind: 'known', nanoDollars: 1 }, '$0.000000001'],
])('%j is %s', (cost, words) => expect(money(cost)).toBe(words));

test.each([
  [null, '-'],
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_960, '10 kB'],
  [999_600, '1.0 MB'],
  [1_117_320_736, '1.1 GB'],
])('%s bytes are %s', (count, words) => expect(bytes(count)).toBe(words));

test('a table lines up, numbers to the right, and cuts its last column at the width', () => {
  const table = formatTable(
    ['ID', 'TOKENS', 'WHAT'],
    [
      ['a', 5, 'a long sentence'],
      ['long-id', null, 'two\nlines\x1b'],
      ['b', 12345, null],
    ],
    26,
  );
  expect(table.split('\n')).toEqual([
    'ID       TOKENS  WHAT',
    'a             5  a long s…',
    'long-id       -  two line…',
    'b         12345  -',
    '',
  ]);
  expect(formatTable(['ID'], [])).toBe('ID\n');
});
