import { expect, test } from 'vitest';
import { webAddress } from './web-address.ts';

test.each([
  ['example.org/a b', null],
  ['example.org/page', 'https://example.org/page'],
  [' http://example.org ', 'http://example.org/'],
  ['example.org:8080/x', 'https://example.org:8080/x'],
  ['ftp://example.org', null],
  ['javascript:alert(1)', null],
  ['word', null],
  ['', null],
])('%s', (typed, address) => {
  expect(webAddress(typed)).toBe(address);
});
