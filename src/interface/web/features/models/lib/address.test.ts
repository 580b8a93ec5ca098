import { expect, test } from 'vitest';
import { checkAddress, nameOfAddress } from './address.ts';

test.each([
  ['http://127.0.0.1:1234/v1', 'http://127.0.0.1:1234/v1'],
  ['localhost:8080/v1/', 'http://localhost:8080/v1'],
  ['api.example.com/v1', 'https://api.example.com/v1'],
  ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
  ['  http://127.0.0.1:11434/v1/models ', 'http://127.0.0.1:11434/v1'],
])('%s becomes %s', (text, address) => {
  expect(checkAddress(text)).toEqual({ ok: true, address });
});

test.each([
  ['', 'empty'],
  ['not an address', 'form'],
  ['ftp://example.com', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
])('%s is refused as %s', (text, fault) => {
  expect(checkAddress(text)).toEqual({ ok: false, fault });
});

test('a name is made from the host', () => {
  expect(nameOfAddress('https://api.example.com/v1')).toBe('example.com');
  expect(nameOfAddress('127.0.0.1:1234/v1')).toBe('127.0.0.1:1234');
  expect(nameOfAddress('nonsense here')).toBe('');
});
