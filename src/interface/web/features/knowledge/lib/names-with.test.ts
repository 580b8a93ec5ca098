import { expect, test } from 'vitest';
import { namesWith } from './names-with.ts';

test('words are found without accents and in any order', () => {
  expect(namesWith('conges payes', 'Congés payés 2026')).toBe(true);
  expect(namesWith('2026 cong', 'Congés payés 2026')).toBe(true);
  expect(namesWith('', 'anything')).toBe(true);
  expect(namesWith('lease', 'Congés', 'the lease of the shop')).toBe(true);
  expect(namesWith('lease', 'Congés')).toBe(false);
});
